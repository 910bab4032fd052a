"""What other apps may react to. Receivers run inside the sender's transaction."""

from django.dispatch import Signal

deals_changed = Signal()
"""Sent with ``rows`` (`leads.domain.sets.Rows` of DealChange), ``by`` and ``at``."""

revenue_entered = Signal()
"""Sent with ``rows`` (of RevenueEntry, new ones or withdrawals), ``by`` and ``at``."""
