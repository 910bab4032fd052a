"""What other apps may react to. Receivers run inside the sender's transaction."""

from django.dispatch import Signal

meeting_started = Signal()
"""Sent with ``meeting``, ``by`` and ``at``."""

meeting_ended = Signal()
"""Sent with ``meeting`` (its minutes sealed), ``by`` and ``at``."""

action_changed = Signal()
"""Sent with ``action``, ``by`` and ``at`` when it was agreed or changed."""
