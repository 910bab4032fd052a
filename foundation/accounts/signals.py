"""What accounts tells the apps above, inside the transaction that makes it true."""

from django.dispatch import Signal

mail_due = Signal()
"""A mail has to go to one person. Sent with ``kind`` (a `enums.Mail`), ``subject`` (the
id of the invitation or person) and ``at``; the receiver makes a durable job, whose
worker calls `actions.mails.send`."""

workspace_changed = Signal()
"""Settings that numbers depend on have changed. Sent with ``workspace`` (the new row),
``changed`` (frozenset of the fields' names), ``by`` and ``at``. A receiver that raises
keeps the settings as they were."""

person_changed = Signal()
"""Role, team or standing of somebody have changed. Sent with ``person``, ``by`` and
``at``; open work that depends on them can be assigned anew."""
