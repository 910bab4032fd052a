from datetime import datetime

from foundation.accounts.models import User
from leads.models import Lead, Note


def write_note(
    lead: Lead, text: str, *, by: User | None, at: datetime, touch: int | None = None
) -> Note | None:
    """Keep free words about a lead, apart from the facts; nothing for blank words."""
    if not text.strip():
        return None
    return Note.objects.create(
        lead=lead, text=text.strip(), written_by=by, written_at=at, about_touch_id=touch
    )
