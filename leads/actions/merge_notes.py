from collections.abc import Sequence
from datetime import datetime

from campaigns.actions.merge_outcomes import Change
from foundation.accounts.models import User
from leads.models import Note


def write(
    notes: Sequence[tuple[int, str]], *, by: User | None, at: datetime
) -> list[Change]:
    """Keep free words about leads, (lead id, text) each; return which notes are new."""
    made = Note.objects.bulk_create(
        [
            Note(lead_id=lead, text=text, written_by=by, written_at=at)
            for lead, text in notes
        ],
        batch_size=10_000,
    )
    return [Change("leads.note", note.pk, {}, {}) for note in made]
