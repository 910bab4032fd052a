from datetime import datetime

from foundation.accounts.queries import workspace
from sla.actions import agreement, calendars
from sla.models import Agreement, Calendar


def add_defaults(*, at: datetime) -> None:
    """Give a new workspace hours and an agreement to begin with.

    They come with the product and name no ledger entry; what is there stays as it is.
    """
    settings = workspace.current()
    if not Calendar.objects.filter(team=None).exists():
        draft = calendars.Draft(
            "Office hours", settings.time_zone, country=settings.country
        )
        row = calendars.make(draft, effective_at=at, year=at.year)
        row.save(force_insert=True)
    if not Agreement.objects.exists():
        agreement.store(
            agreement.FIRST_PROPOSAL, version=1, effective_at=at, entry=None
        )
