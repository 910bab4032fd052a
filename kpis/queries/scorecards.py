"""Scorecards that are stored, and what they come to when worked out again."""

from datetime import date
from typing import Any

from foundation.accounts.models import Workspace
from foundation.kernel.periods import Period
from kpis.models import Scorecard
from kpis.queries import cards
from kpis.queries.reading import reading


def stored(
    period: Period, *, position: int, day: date, settings_digest: str
) -> Scorecard | None:
    """Return the card of a period at a position, as of a local day, if there is one."""
    return Scorecard.objects.filter(
        period=period.label,
        first_on=period.first,
        position=position,
        day=day,
        settings_digest=settings_digest,
    ).first()


def recomputed(card: Scorecard) -> dict[str, Any]:
    """Work a stored card out again from the facts at its position.

    It comes out equal to ``card.values``, whatever has been told, corrected or
    configured since.
    """
    settings = Workspace(**card.settings)
    period = Period(card.first_on, card.end_on, card.period)
    with reading(
        at=card.computed_at,
        as_of=card.position,
        settings=settings,
        told_at=card.computed_at,
    ) as seen:
        return cards.card(seen, period)
