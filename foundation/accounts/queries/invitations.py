import secrets
from datetime import datetime

from django.db.models import QuerySet

from foundation.accounts.domain import invitations
from foundation.accounts.models import Invitation


def open_ones() -> QuerySet[Invitation]:
    """Return the invitations nobody has accepted or withdrawn, the newest first."""
    rows = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    return rows.select_related("team", "person", "invited_by").order_by("-pk")


def by_link(text: str, *, at: datetime) -> Invitation | None:
    """Return the open invitation that a link leads to.

    None if the link is wrong, used, withdrawn or older than a day: which of them is
    nobody's business.
    """
    link = invitations.parse(text)
    if link is None:
        return None
    row = open_ones().filter(pk=link.invitation, expires_at__gt=at).first()
    if row is None or not secrets.compare_digest(row.digest or "", link.digest):
        return None
    return row
