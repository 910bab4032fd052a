"""What other apps may react to. Receivers run inside the sender's transaction."""

from django.dispatch import Signal

proposing = Signal()
"""Sent with ``version`` before a draft becomes a proposal; who raises keeps it a draft.
"""

signed = Signal()
"""Sent with ``version``, ``by`` and ``at`` when the last function has signed.

``version.in_force_at`` says from when it holds, now or later.
"""
