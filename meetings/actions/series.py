from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from meetings.actions import meetings
from meetings.domain.plan import Plan
from meetings.models import Series


class WrongSeries(Invalid):
    """The rhythm cannot be what it is asked to be; ``field`` says where."""

    code = "wrong_series"


def create(plan: Plan, *, by: User | None, at: datetime) -> Series:
    """Set up a series and plan its first meeting after ``at``.

    Raises:
        WrongSeries: the name is taken, the zone unknown, or a facilitator of the
            other side.
    """
    _check(plan)
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        series = Series.objects.create(**vars(plan))
        entry.record("meetings.series.created", subject=("meetings.series", series.pk))
        meetings.plan_next(series, by=by, at=at)
    return series


def change(series: Series, plan: Plan, *, by: User, at: datetime) -> Series:
    """Change the rhythm; the meeting that is planned moves with it.

    Meetings that began or are over stay as they are. Changing nothing writes nothing.

    Raises:
        WrongSeries: as for `create`.
    """
    _check(plan, series)
    changed = {k: v for k, v in vars(plan).items() if getattr(series, k) != v}
    if not changed:
        return series
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        Series.objects.filter(pk=series.pk).update(**changed)
        series.refresh_from_db()
        entry.record(
            "meetings.series.changed",
            subject=("meetings.series", series.pk),
            data={"fields": ",".join(sorted(changed))},
        )
        meetings.move_upcoming(series, by=by, at=at)
    return series


def stop(series: Series, *, by: User, at: datetime) -> None:
    """Stop a series: what is planned does not take place. Again changes nothing."""
    _switch(series, "stopped", meetings.skip_upcoming, by=by, at=at)


def resume(series: Series, *, by: User, at: datetime) -> None:
    """Go on with a series that was stopped. Again changes nothing."""
    _switch(series, "resumed", meetings.plan_next, by=by, at=at)


def plan_of(series: Series) -> Plan:
    """Return when and how a series takes place at present."""
    return Plan(**{field.name: getattr(series, field.name) for field in fields(Plan)})


def _switch(
    series: Series,
    what: str,
    then: Callable[..., object],
    *,
    by: User,
    at: datetime,
) -> None:
    goes_on = what == "resumed"
    series.refresh_from_db()
    if series.is_active == goes_on:
        return
    with ledger.entry(by=by, at=at, cause="meetings") as entry:
        Series.objects.filter(pk=series.pk).update(is_active=goes_on)
        series.refresh_from_db()
        entry.record(f"meetings.series.{what}", subject=("meetings.series", series.pk))
        then(series, by=by, at=at)


def _check(plan: Plan, series: Series | None = None) -> None:
    namesakes = Series.objects.filter(name=plan.name)
    if series is not None:
        namesakes = namesakes.exclude(pk=series.pk)
    if namesakes.exists():
        raise WrongSeries(_("There is a series of this name already."), field="name")
    try:
        ZoneInfo(plan.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongSeries(_("There is no such zone."), field="time_zone") from error
    for side in Function:
        person: User | None = getattr(plan, f"{side}_facilitator")
        if person is not None and (person.function != side or not person.is_active):
            raise WrongSeries(
                _("The facilitator belongs to the other side, or has left."),
                field=f"{side}_facilitator",
            )
