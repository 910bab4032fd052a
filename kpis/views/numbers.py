from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import Workspace
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import Period, Step
from foundation.ledger.queries import live
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Kind, Section
from kpis.queries.bottleneck import Finding
from kpis.views import (
    addresses,
    choices,
    figures,
    findings,
    path,
    splits,
    trend,
)
from kpis.views.asked import Asked, answered, read
from kpis.views.desk import Desk, sheet, window

TILES = ("leads", "mqls", "customers_won", "time_to_close", "speed_to_lead")
COLUMNS = ("leads", "mqls", "mql_acceptance", "lead_to_customer", "customers_won")
RESULT = ("revenue_new", "nrr", "grr")


@dataclass(frozen=True)
class View:
    """What the page shows: the address, with what it left open filled in."""

    period: Period
    by: str
    kind: str
    within: int
    own_window: int
    key: str
    step: Step

    @property
    def name(self) -> str:
        """All that the page asks follows from it."""
        chosen = [self.by, self.kind, self.within, self.own_window, self.key, self.step]
        return f"numbers {self.period.label} {' '.join(map(str, chosen))}"

    @property
    def conversion(self) -> dict[str, Any]:
        return {"kind": self.kind, "within": self.within}


def _view(asked: Asked, settings: Workspace, today: date) -> View:
    period = asked["period"] or choices.last_months(today)
    within = asked["within"]
    key = asked["key"] or "lead_to_customer"
    return View(
        period=period,
        by=asked["by"] or Dimension.SOURCE,
        kind=asked["kind"] or Kind.COHORT,
        within=settings.path_window_days if within is None else within,
        own_window=window(key, settings) if within is None else within,
        key=key,
        step=Step(asked["step"]) if asked["step"] else trend.step_for(period),
    )


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def numbers(request: UserRequest) -> HttpResponse:
    """Show the path, its trend and where it differs, the same for both teams.

    Everything on the page is read from one snapshot.
    """
    frame = live()
    settings, at = workspace.current(), clock.now()
    asked = read(request, settings)
    view = _view(asked, settings, settings.today(at))
    with sheet(request, settings, view.name, at=at) as open_desk:
        context = {
            **_chosen(asked, open_desk, view),
            **_found(open_desk, view),
            "as_of": open_desk.seen.at,
        }
    return page(request, "kpis/numbers.html", {**context, **frame}, partial="figures")


def _chosen(asked: Asked, open_desk: Desk, view: View) -> dict[str, Any]:
    is_range = "/" in view.period.label
    return {
        "view": view,
        "given": asked.given,
        "period_name": figures.period_name(view.period),
        "periods": choices.periods(asked, open_desk.today, view.period),
        "steps": choices.steps(asked, view.step),
        "dimensions": choices.dimensions(open_desk, view.by),
        "kinds": choices.kinds(view.kind),
        "windows": choices.windows(view.within),
        "numbers": choices.numbers(view.key),
        "first": view.period.first if is_range else None,
        "last": view.period.last if is_range else None,
        "all_url": addresses.changed({"period": view.period.label}),
    }


def _found(open_desk: Desk, view: View) -> dict[str, Any]:
    whole = open_desk.mature_part(view.period, view.within)
    cohort = path.cohort(open_desk, whole, view.within)
    finding = open_desk.finding
    question = open_desk.question(
        view.key, view.period, kind=view.kind, within=view.own_window, step=view.step
    )
    return {
        "steps_drawn": path.drawn(cohort),
        "finding": _told(open_desk, finding) if finding.entries else None,
        "cohort_name": figures.period_name(whole),
        "is_cut": whole != view.period,
        "is_growing": not cohort.mature,
        "is_empty": not cohort.steps[0].n,
        "tiles": tiles(open_desk, view.period, TILES),
        "result": tiles(open_desk, view.period, RESULT),
        "chart": trend.chart(open_desk, question),
        "chart_kpi": REGISTRY[view.key],
        "chart_url": addresses.detail(question),
        "table": _table(open_desk, view, whole),
        "table_caption": gettext("By %(what)s")
        % {"what": str(Dimension(view.by).label).lower()},
        "why": why_differ(),
    }


def _told(open_desk: Desk, found: Finding) -> dict[str, Any]:
    currency = open_desk.settings.base_currency
    beside = findings.wait(open_desk, found)
    return findings.told(found, currency=currency, beside=beside)


def tiles(
    open_desk: Desk, period: Period, keys: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return the tiles of those numbers that are registered."""
    found = []
    for key in keys:
        if kpi := REGISTRY.get(key):
            window = open_desk.window(key)
            question, series = open_desk.ask(key, period, within=window)
            v = open_desk.shown(question, series.values[0])
            found.append({"label": kpi.name, "v": v, "url": addresses.detail(question)})
    return found


def _table(open_desk: Desk, view: View, whole: Period) -> splits.Table:
    """Return the table; cohorts only of leads that have had the whole window."""
    asked = []
    for key in (key for key in COLUMNS if key in REGISTRY):
        windowed = REGISTRY[key].method.windows and view.kind == Kind.COHORT
        period = whole if windowed else view.period
        asked.append(open_desk.ask(key, period, by=view.by, **view.conversion))
    return splits.table(open_desk, asked, view.by, {})


def why_differ() -> list[str]:
    """Say why the same conversion has two values."""
    return [
        gettext(
            "Following the leads of a period asks what became of these very people. It "
            "can only be told once they have had the time, and it never passes 100 %."
        ),
        gettext(
            "Comparing the entries of a period sets those who came further in it "
            "beside those who entered in it. They are different people, so it answers "
            "at once, but it moves with the volume and can pass 100 %."
        ),
    ]


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def registry_region(request: UserRequest) -> HttpResponse:
    """List every number of the registry with its value for a period."""
    settings, at = workspace.current(), clock.now()
    asked = read(request, settings)
    period = asked["period"] or choices.last_months(settings.today(at))
    with sheet(request, settings, f"all {period.label}", at=at) as open_desk:
        context = {"groups": groups(open_desk, period)}
    return page(request, "kpis/registry_region.html", context)


def groups(open_desk: Desk, period: Period) -> list[dict[str, Any]]:
    """Return all numbers by the group they belong to, the joint result first."""
    found = []
    for section in Section:
        keys = tuple(k for k, kpi in REGISTRY.items() if kpi.section == section)
        if keys:
            rows = tiles(open_desk, period, keys)
            found.append({"label": section.label, "rows": rows})
    return found
