"""Regions of pages that belong to others, fetched by address."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import BadPeriod, Period, Step, around, parse
from sla.domain.tally import Tally
from sla.enums import Mark, Side
from sla.models import Clause
from sla.queries import agreement, attainment
from sla.queries import clocks as queries
from sla.views import countdowns

NEXT_SHOWN = 4
_LOUD = {Mark.ALTHOUGH_MET, Mark.BY_SILENCE}


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def promises(request: UserRequest) -> HttpResponse:
    """Show how far each side's promises are kept in a period, the same to everybody."""
    at, period = clock.now(), period_of(request)
    found = agreement.in_force(at=at)
    clauses = list(found.clauses.order_by("place")) if found else []
    sides = {side: kept(clauses, side, period) for side in (Side.SALES, Side.MARKETING)}
    context = {"sales": sides[Side.SALES], "marketing": sides[Side.MARKETING]}
    return page(request, "sla/promises.html", context)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def upcoming(request: UserRequest) -> HttpResponse:
    """Show somebody's own next leads, the least time left first."""
    at = clock.now()
    sizes = queries.queue_sizes(request.user)
    which = "mine" if sizes["mine"] else "team"
    waiting = queries.queue_for(request.user, which=which, limit=NEXT_SHOWN)
    context = {
        "items": countdowns.items(waiting, at=at),
        "open": sizes[which],
        "which": which,
        "unassigned": sizes["unassigned"],
    }
    return page(request, "sla/next.html", context)


def period_of(request: HttpRequest) -> Period:
    """Return the period the address names, else the present quarter."""
    settings = workspace.current()
    try:
        return parse(
            request.GET.get("period", ""), fiscal_start=settings.fiscal_year_start
        )
    except BadPeriod:
        return around(settings.today(clock.now()), Step.QUARTER)


def kept(clauses: list[Clause], side: Side, period: Period) -> dict[str, Any]:
    """Return one side's measured promises with their attainment and honest line."""
    measured = [c for c in clauses if c.side == side and c.target_seconds]
    tallies = attainment.tally([period], by="clause")
    rows, total = [], Tally()
    for clause in measured:
        found = tallies.get((1, str(clause.pk)), Tally())
        total += found
        rows.append(pact(clause, found, period))
    return {"rows": rows, "shares": shares(total, period)}


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


def shares(found: Tally, period: Period) -> list[dict[str, Any]]:
    """Return the integrity line: the marks that occur, each opening its records."""
    return [
        {
            "text": f"{percent(found.share(mark))} {mark.label}",
            "url": records_url(period=period.label, part=mark.value),
            "loud": mark in _LOUD,
        }
        for mark in Mark
        if found.marks.get(mark)
    ]


def records_url(**asked: str | int) -> str:
    """Return the address of the clocks behind a number."""
    return reverse("sla:clock-list") + "?" + urlencode(asked)


def words(clause: Clause) -> str:
    """Say a promise in short words, with its target in business time."""
    hours = number_format((clause.target_seconds or 0) / 3600, use_l10n=True)
    if clause.text:
        return clause.text
    sentences = {
        "first_response": _("First contact within %(hours)s business hours"),
        "acceptance": _("Accept or refuse within %(hours)s business hours"),
    }
    sentence = sentences.get(clause.kind, str(clause.get_kind_display()))
    return (
        sentence % {"hours": hours.rstrip("0").rstrip(".,")}
        if "%" in sentence
        else sentence
    )


def percent(share: Decimal | None) -> str:
    """Write a share as a whole percentage; blank without a value."""
    return "" if share is None else f"{number_format(round(share * 100))} %"
