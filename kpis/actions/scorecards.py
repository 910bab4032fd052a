"""One scorecard for everybody: worked out once per position, then read by all."""

from datetime import datetime, timedelta

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.kernel.periods import Period
from foundation.ledger import actions as ledger
from foundation.ledger import queries as positions
from kpis.actions.sheets import digest
from kpis.actions.turns import turn
from kpis.models import Scorecard
from kpis.queries import cards, scorecards
from kpis.queries.reading import reading

KEPT = timedelta(hours=6)
"""How long a card that nobody pinned is kept; it can be worked out again later."""


def current(
    period: Period, *, at: datetime, asked_at: datetime | None = None
) -> Scorecard:
    """Return the scorecard of a period as everything stands now.

    It is worked out in one repeatable-read transaction and stamped with the ledger
    position which that saw. While the position, the local day and the settings stay
    the same, everybody gets the same stored card. It is no business write and moves
    no position. Call it outside a transaction.

    Args:
        period: whose card it is.
        at: now.
        asked_at: when somebody last wanted it; now, if not given.
    """
    position = positions.position()
    found = _stored(period, position, at)
    if found is None:
        with turn(f"card {period.label}"):
            found = _stored(period, position, at) or _computed(
                period, at=at, asked_at=asked_at or at
            )
    _note(found, asked_at or at)
    return found


def _note(card: Scorecard, asked_at: datetime) -> None:
    """Write down about when somebody last read a card; a pinned one stays as it is."""
    if card.pinned_at is None and (card.asked_at or asked_at) < asked_at - _MINUTE:
        mine = Scorecard.objects.filter(pk=card.pk, pinned_at__isnull=True)
        mine.update(asked_at=asked_at)


_MINUTE = timedelta(minutes=1)


def _stored(period: Period, position: int, at: datetime) -> Scorecard | None:
    settings = workspace.current()
    return scorecards.stored(
        period,
        position=position,
        day=settings.today(at),
        settings_digest=digest(cards.settings_of(settings)),
    )


def _computed(period: Period, *, at: datetime, asked_at: datetime) -> Scorecard:
    with reading(at=at) as seen:
        values = cards.card(seen, period)
    settings = cards.settings_of(seen.workspace)
    card = Scorecard(
        period=period.label,
        first_on=period.first,
        end_on=period.end,
        position=seen.position,
        day=seen.today,
        settings=settings,
        settings_digest=digest(settings),
        values=values,
        computed_at=at,
        asked_at=asked_at,
    )
    Scorecard.objects.bulk_create([card], ignore_conflicts=True)
    stored = scorecards.stored(
        period,
        position=card.position,
        day=card.day,
        settings_digest=card.settings_digest,
    )
    return stored or card


def pin(scorecard: Scorecard, *, by: User | None, at: datetime) -> None:
    """Keep a card for ever as it is. Pinning it again changes nothing."""
    with ledger.entry(by=by, at=at, cause="scorecards") as entry:
        mine = Scorecard.objects.filter(pk=scorecard.pk, pinned_at__isnull=True)
        if not mine.update(pinned_at=at, pinned_by=by):
            return
        entry.record(
            "kpis.scorecard.pinned",
            subject=("kpis.scorecard", scorecard.pk),
            data={"period": scorecard.period, "position": scorecard.position},
        )
    scorecard.refresh_from_db()


def forget(*, at: datetime) -> int:
    """Delete the cards that nobody pinned and nobody needs; return how many."""
    old = Scorecard.objects.filter(pinned_at__isnull=True, computed_at__lt=at - KEPT)
    return old.delete()[0]
