from datetime import date

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import Period, Step, around
from foundation.ledger.queries import live


@requires(Permission.NUMBERS_VIEW)
@require_GET
def today(request: UserRequest) -> HttpResponse:
    """Show the joint result first, then the path to it, then each side's promises.

    The page is put together in the browser from regions that each app serves itself.
    """
    frame = live()
    step = _step(request.GET.get("per", ""))
    at = clock.now()
    period = around(workspace.current().today(at), step)
    context = {
        "period": period,
        "heading": _heading(period, step, workspace.current().today(at)),
        "choices": [
            {"label": label, "url": f"?per={each}", "current": each is step}
            for each, label in _STEPS.items()
        ],
        "as_of": at,
        **frame,
    }
    return page(request, "alignment/today.html", context)


_STEPS = {
    Step.WEEK: _("Week"),
    Step.MONTH: _("Month"),
    Step.QUARTER: _("Quarter"),
    Step.YEAR: _("Year"),
}


def _step(asked: str) -> Step:
    return Step(asked) if asked in set(_STEPS) else Step.QUARTER


def _heading(period: Period, step: Step, today: date) -> str:
    """Say which period it is, and how far it has come."""
    if step is Step.WEEK:
        _year, week, _day = period.first.isocalendar()
        return gettext("Week %(n)d") % {"n": week}
    if step is Step.MONTH:
        return str(date_format(period.first, "F Y")).capitalize()
    week = (today - period.first).days // 7 + 1
    weeks = -(-period.days // 7)
    name = str(period.first.year)
    if step is Step.QUARTER:
        name = str(_QUARTERS[(period.first.month - 1) // 3])
    place = {"period": name, "week": week, "weeks": weeks}
    return gettext("%(period)s, week %(week)d of %(weeks)d") % place


_QUARTERS = [
    _("First quarter"),
    _("Second quarter"),
    _("Third quarter"),
    _("Fourth quarter"),
]
