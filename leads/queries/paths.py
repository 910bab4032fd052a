"""A lead's path from the first touch to today, as one line of events."""

from dataclasses import dataclass
from datetime import datetime

from leads.models import Lead, Note, Reason, StageChange, Touchpoint


@dataclass(frozen=True)
class PathEvent:
    """A touch, a stage change or a note, at its own time.

    ``kind`` is ``touch``, ``stage`` or ``note``; exactly one of the three is set.
    """

    at: datetime
    kind: str
    touch: Touchpoint | None = None
    change: StageChange | None = None
    note: Note | None = None
    reason: str = ""

    @property
    def team(self) -> str:
        """The team whose touch it was; blank for what belongs to both."""
        return self.touch.team if self.touch else ""


def path_of(lead: Lead) -> list[PathEvent]:
    """Return what happened, in order of time; touches come before stages at a tie.

    Four statements, whatever the length. Corrected facts are left out.
    """
    reasons = {row.code: row.label for row in Reason.objects.all()}
    touches = Touchpoint.objects.filter(lead=lead, in_force=True, is_withdrawal=False)
    changes = StageChange.objects.filter(lead=lead, in_force=True, is_withdrawal=False)
    events = [
        *(
            PathEvent(row.occurred_at, "touch", touch=row)
            for row in touches.select_related("campaign", "actor").order_by("pk")
        ),
        *(
            PathEvent(
                row.occurred_at,
                "stage",
                change=row,
                reason=reasons.get(row.reason, row.reason),
            )
            for row in changes.select_related("actor").order_by("pk")
        ),
        *(
            PathEvent(row.written_at, "note", note=row)
            for row in lead.notes.select_related("written_by").order_by("pk")
        ),
    ]
    return sorted(events, key=lambda event: event.at)
