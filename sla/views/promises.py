"""Promises with what became of them, as `ui/pact.html` and `ui/honest.html` show."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.periods import BadPeriod, Period, Step, around, parse
from sla.domain.tally import Tally
from sla.enums import LEAD_CLOCKS, Mark, Side
from sla.models import Clause
from sla.queries.attainment import Cell
from sla.views.wording import percent, some_percent, words

_LOUD = {Mark.ALTHOUGH_MET, Mark.BY_SILENCE}


def period_of(request: HttpRequest) -> Period:
    """Return the period the address names, else the present quarter."""
    settings = workspace.current()
    try:
        return parse(
            request.GET.get("period", ""), fiscal_start=settings.fiscal_year_start
        )
    except BadPeriod:
        return around(settings.today(clock.now()), Step.QUARTER)


def is_measured(clause: Clause) -> bool:
    """Tell whether clocks run for a promise; of the others nothing is known yet."""
    return clause.kind in LEAD_CLOCKS


def kept(
    clauses: Sequence[Clause],
    side: Side,
    period: Period,
    tallies: Mapping[Cell, Tally],
) -> dict[str, Any]:
    """Return one side's measured promises with their attainment and honest line."""
    rows, total = [], Tally()
    for clause in clauses:
        if clause.side == side and is_measured(clause):
            found = tally_of(clause, tallies)
            total += found
            rows.append(pact(clause, found, period))
    return {"rows": rows, "shares": shares(total, period=period.label)}


def tally_of(clause: Clause, tallies: Mapping[Cell, Tally]) -> Tally:
    """Return a clause's own cases of the first period."""
    return tallies.get((1, str(clause.pk)), Tally())


def pact(clause: Clause, found: Tally, period: Period) -> dict[str, Any]:
    """Return one promise as `ui/pact.html` shows it."""
    url = records_url(period=period.label, clause=clause.pk, part="n")
    reached = found.attainment
    return {
        "label": words(clause),
        "percent": round((reached or Decimal()) * 100, 1),
        "target": round((clause.attainment or Decimal()) * 100, 1),
        "n": found.n,
        "v": {
            "text": percent(reached),
            "target": percent(clause.attainment),
            "url": url if found.n else "",
        },
    }


def shares(found: Tally, **asked: str | int) -> list[dict[str, Any]]:
    """Return the integrity line: the marks that occur, each opening its records.

    ``asked`` is whose records these are: ``period``, and ``clause`` for one promise.
    """
    return [
        {
            "text": f"{some_percent(found.share(mark))} {mark.label}",
            "url": records_url(part=mark.value, **asked),
            "loud": mark in _LOUD,
        }
        for mark in Mark
        if found.marks.get(mark)
    ]


def records_url(**asked: str | int) -> str:
    """Return the address of the clocks behind a number."""
    return reverse("sla:clock-list") + "?" + urlencode(asked)
