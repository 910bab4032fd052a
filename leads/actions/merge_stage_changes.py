"""Take stage changes from a file."""

from collections.abc import Sequence
from datetime import datetime

from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.merge_people import People
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions.merge_lookups import Reasons, leads_of
from leads.actions.merge_stage_writing import write_stages
from leads.actions.stages import Advance, Book
from leads.domain import path
from leads.enums import Cause, ReasonKind

_KINDS = {
    "recycled": ReasonKind.REFUSE,
    "disqualified": ReasonKind.DISQUALIFY,
    "lost": ReasonKind.LOSE,
}
_TARGETS = {"no_way": "to_stage", "unknown_reason": "reason"}


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer.

    The targets are those of files of stage changes
    (`integrations.domain.kinds.stage_changes`). Rows are taken in order of time, and
    of stages at one instant, whatever their order in the file. Skipped stages are
    implied. Telling the same again says nothing new. The number of statements is
    constant.

    Refusals: those of `leads.actions.stages.advance_many`, ``identity_conflict``,
    ``owner_too_long``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="stage changes") as entry:
        people = People(told.column("actor"))
        wishes = _wishes(told, people, outcome)
        book = Book([wish for _, wish in wishes], at=at, live=live, entry=entry.pk)
        taken = _take(book, wishes, outcome)
        people.make({n for n in taken if n}, by=by, at=at)
        for row in book.written:
            row.actor_id = people.real(row.actor_id)
        write_stages(book, by=by, at=at)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


def _wishes(told: Told, people: People, outcome: Outcome) -> list[tuple[int, Advance]]:
    reasons = Reasons(ReasonKind)
    leads = leads_of(told, outcome)
    columns = ("to_stage", "occurred_at", "reason", "actor", "entry_date")
    found = []
    for place, (lead, stage, moment, reason, actor, day) in enumerate(
        zip(leads, *map(told.column, columns), strict=True)
    ):
        if lead is None:
            continue
        code = reasons.code(_KINDS.get(stage, ReasonKind.BY_HAND), reason or "")
        number = people.column[place]
        if reason is not None and code is None:
            outcome.refuse(place, "unknown_reason", "reason", text=reason)
        elif actor is not None and number is None:
            outcome.refuse(place, "owner_too_long", "actor", limit=People.LIMIT)
        else:
            wish = Advance(lead, stage, moment, Cause.IMPORT, code or "", number, day)
            found.append((place, wish))
    found.sort(key=lambda item: _order(*item))
    return found


def _order(place: int, wish: Advance) -> tuple[datetime, int, int]:
    rank = path.rank(wish.to)
    return wish.occurred_at, rank if rank >= 0 else len(path.ORDER), place


def _take(
    book: Book, wishes: Sequence[tuple[int, Advance]], outcome: Outcome
) -> list[int | None]:
    """Take the wishes one by one; return the actors of those that say anything new."""
    actors = []
    for place, wish in wishes:
        result = book.take(wish)
        if result.refused:
            target = _TARGETS.get(result.code, "occurred_at")
            outcome.refuse(place, result.code, target)
        elif result.code == "unchanged":
            outcome.count("unchanged")
        else:
            outcome.count("created")
            actors.append(wish.actor_id)
    return actors
