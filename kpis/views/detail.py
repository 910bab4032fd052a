from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import Period, Step
from foundation.ledger.queries import live
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Direction, Kind
from kpis.queries.asks import UnknownKpi
from kpis.views import addresses, apart, choices, figures, splits, trend
from kpis.views.asked import Asked, answered, read
from kpis.views.desk import Desk, sheet
from kpis.views.numbers import why_differ
from kpis.views.words import asked_in_words, kind_in_words


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def kpi_detail(request: UserRequest, key: str) -> HttpResponse:
    """Show one number: its value, formula, trend, splits, and its other readings."""
    frame = live()
    if key not in REGISTRY:
        raise UnknownKpi(_("There is no number of this name."), field="key")
    settings, at = workspace.current(), clock.now()
    asked = read(request, settings)
    name = f"number {key} {_name(asked, settings.today(at))}"
    with sheet(request, settings, name, at=at) as open_desk:
        context = _context(open_desk, asked, key)
    return page(
        request, "kpis/kpi_detail.html", {**context, **frame}, partial="figures"
    )


def _context(open_desk: Desk, asked: Asked, key: str) -> dict[str, Any]:
    kpi = REGISTRY[key]
    period = asked["period"] or choices.last_months(open_desk.today)
    step = Step(asked["step"]) if asked["step"] else trend.step_for(period)
    by = _by(asked, key)
    conversion = {
        "kind": asked["kind"] or Kind.COHORT,
        "within": _within(open_desk, asked, key),
    }
    question = open_desk.question(key, period, by=by, **conversion)
    series = open_desk.answer(question)
    value = series.values[0]
    steps = open_desk.question(key, period, step=step, **conversion)
    return {
        "kpi": kpi,
        "better": Direction(kpi.direction).label,
        "v": open_desk.shown(question, value),
        "apart": apart.line(question, value),
        "words": asked_in_words(open_desk, question, value),
        "periods": choices.periods(asked, open_desk.today, period),
        "steps": choices.steps(asked, step),
        "dimensions": [
            d
            for d in choices.dimensions(open_desk, by or "")
            if d["value"] in kpi.method.dimensions
        ],
        "given": asked.given,
        "chart": trend.chart(open_desk, steps),
        "table": splits.table(open_desk, [(question, series)], by, {}) if by else None,
        "table_caption": str(Dimension(by).label) if by else "",
        "kinds": _kinds(open_desk, question, period),
        "why": why_differ() if kpi.method.kinds else [],
        "back_url": addresses.changed({"period": period.label}),
        "as_of": open_desk.seen.at,
        "period_name": figures.period_name(period),
    }


def _name(asked: Asked, today: date) -> str:
    """Return what, with the number, everything on the page follows from."""
    period = asked["period"] or choices.last_months(today)
    chosen = [asked[name] for name in ("by", "kind", "within", "step")]
    return f"{period.label} {chosen}"


def _by(asked: Asked, key: str) -> str | None:
    """Return by what to split: as asked, else the first way there is."""
    known = list(REGISTRY[key].method.dimensions)
    if asked["by"] in known:
        return str(asked["by"])
    return str(known[0]) if known else None


def _within(open_desk: Desk, asked: Asked, key: str) -> int:
    within = asked["within"]
    return open_desk.window(key) if within is None else int(within)


def _kinds(open_desk: Desk, question: Question, period: Period) -> list[dict[str, Any]]:
    """Return the same conversion read in every way, side by side."""
    found = []
    for kind in REGISTRY[question.key].method.kinds:
        within = question.within or open_desk.window(question.key)
        each, series = open_desk.ask(question.key, period, kind=kind, within=within)
        found.append(
            {
                "label": Kind(kind).label,
                "words": kind_in_words(kind, each.within),
                "v": open_desk.shown(each, series.values[0]),
                "url": addresses.detail(each),
                "current": kind == (question.kind or Kind.COHORT),
            }
        )
    return found
