from datetime import datetime

from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions import snapshots
from leads.actions.stages import Book, coded
from leads.domain.sets import Rows
from leads.models import StageChange


def write_stages(book: Book, *, by: User | None, at: datetime) -> None:
    """Write the stage changes of a book as `leads.actions.stages.advance_many` does."""
    if not book.written:
        return
    entry = ledger.current()
    rows = StageChange.objects.bulk_create(book.written, batch_size=10_000)
    snapshots.supersede([row.corrects_id for row in rows if row.corrects_id])
    snapshots.save([book.leads[pk] for pk in sorted(book.moved)])
    entry.record_many(
        "leads.stage.changed",
        ((("leads.lead", row.lead_id), coded(row)) for row in rows),
    )
    span = Rows(entry.pk, rows[0].pk, rows[-1].pk)
    signals.stages_changed.send(StageChange, rows=span, by=by, at=at)
