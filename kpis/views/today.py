from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import Period, Step, around
from kpis.actions import scorecards
from kpis.domain.forecasts import forecast
from kpis.views import addresses, figures, findings, path, shown
from kpis.views.asked import answered, read
from kpis.views.card import Card

FULL = Decimal(100)
SCALE = Decimal("1.15")
"""How far the bar of a retention goes, so that growth has room past 100 %."""


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def today_region(request: UserRequest) -> HttpResponse:
    """Show the joint result of a period, then the path to it and what holds it back.

    Everything is read from the one scorecard that everybody reads.
    """
    settings, at = workspace.current(), clock.now()
    asked, today = read(request, settings), settings.today(at)
    period = asked["period"] or around(today, Step.QUARTER)
    card = Card(scorecards.current(period, at=at), period)
    context = {
        "period_name": figures.period_name(period),
        "revenue": _revenue(card, today),
        "kept": _kept(card),
        **_path(card),
    }
    return page(request, "kpis/today_region.html", context)


def _revenue(card: Card, today: date) -> dict[str, Any]:
    """Return the new revenue, how far it is, and where an even pace would be."""
    measure, target = card.measure("revenue_new"), card.target("revenue_new")
    return {
        "v": card.shown("revenue_new"),
        "expected": _expected(card),
        "meter": _share(measure.value, target) if target else None,
        "tick": _pace(card.period, today) if target else None,
        "of": figures.money(target, card.currency) if target else "",
        "whole": card.shown("revenue"),
    }


def _expected(card: Card) -> dict[str, str]:
    """Say what new revenue comes to by the period's end, if it goes on like this."""
    measure, period = card.measure("revenue_new"), card.period
    if measure.value is None:
        return {}
    passed = (card.stored.day - period.first).days + 1
    found = forecast(measure.n, measure.value, passed=passed, days=period.days)
    if found is None:
        return {}
    ends = {"value": found.value, "low": found.low, "high": found.high}
    return {
        k: figures.money(v.quantize(Decimal(1)), card.currency) for k, v in ends.items()
    }


def _kept(card: Card) -> dict[str, Any]:
    """Return net retention with gross retention and customers beside it."""
    measure, target = card.measure("nrr"), card.target("nrr")
    customers = card.measure("retention")
    return {
        "v": card.shown("nrr"),
        "meter": _share(measure.value, SCALE),
        "tick": _share(target, SCALE) if target else None,
        "gross": card.shown("grr"),
        "still": figures.grouped(customers.numerator or 0),
        "active": figures.grouped(customers.denominator or 0),
        "n": int(customers.denominator or 0),
    }


def _share(value: Decimal | None, whole: Decimal) -> str:
    """Return how much of a bar is filled, in percent."""
    share = FULL * (value or 0) / whole
    return f"{min(max(share, Decimal()), FULL):.1f}"


def _pace(period: Period, today: date) -> str:
    """Return how much of the period has passed, in percent, today included."""
    passed = Decimal((today - period.first).days + 1)
    return _share(passed, Decimal(period.days))


def _path(card: Card) -> dict[str, Any]:
    found = card.finding
    words = ngettext(
        "Leads that entered in %(period)s, followed for %(days)s day: the newest "
        "cohort that is complete",
        "Leads that entered in %(period)s, followed for %(days)s days: the newest "
        "cohort that is complete",
        found.within,
    )
    name = figures.period_name(found.cohort)
    question = shown.question("lead_to_customer", found.cohort, within=found.within)
    return {
        "steps": path.drawn(path.of_finding(found)),
        "has_path": bool(found.entries),
        "finding": findings.told(found, currency=card.currency),
        "beside": [*findings.oldest(card), *findings.reasons_of(card)],
        "cohort_words": words % {"period": name, "days": found.within},
        "why_url": addresses.detail(question),
    }
