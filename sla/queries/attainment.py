"""How far promises were kept, with the integrity line, at any ledger position."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from foundation.accounts.queries import workspace
from foundation.kernel.periods import Period
from sla.domain.tally import Tally
from sla.enums import LEAD_CLOCKS, CancelledReason, ClauseKind, ClockState, Mark
from sla.models import Clock, ClockVersion

type Cell = tuple[int, str | None]
"""The number of a period, counted from 1, and a split; None is the total."""

DIMENSIONS = {
    "source": "source",
    "campaign": "campaign_id",
    "segment": "segment",
    "country": "country",
    "owner": "owner_id",
    "clause": "clause_id",
}
"""By what it can be split: values of the lead as it became MQL; who had the clock."""

_DAY = timedelta(days=1)
_NO_CASE = [CancelledReason.CORRECTED, CancelledReason.WITHDRAWN]
_CASE = Q(history=False) & ~Q(cancelled_reason__in=_NO_CASE)
_COUNTS = Q(history=False, excepted=False)
_PARTS = {
    "met": _COUNTS & Q(state=ClockState.MET),
    "breached": _COUNTS & Q(state=ClockState.BREACHED),
    "excepted": Q(history=False, excepted=True) & ~Q(state=ClockState.CANCELLED),
    "cancelled": _CASE & Q(state=ClockState.CANCELLED),
    "history_met": Q(history=True, state=ClockState.MET),
    "history_breached": Q(history=True, state=ClockState.BREACHED),
}
_SENT_BACK = Q(done_by="recycled") | Q(cancelled_reason="recycled")
_MARKS = {
    Mark.SELF_REPORTED: Q(self_reported=True),
    Mark.LOGGED_LATE: Q(logged_late=True),
    Mark.PAUSED: Q(pauses__gt=0),
    Mark.CANCELLED: Q(state=ClockState.CANCELLED)
    & ~Q(cancelled_reason=CancelledReason.IMPLIED),
    Mark.EXCEPTED: Q(excepted=True),
    Mark.BY_SILENCE: Q(by_silence=True),
    Mark.BY_HAND: Q(by_hand=True),
    Mark.IMPLIED: Q(cancelled_reason=CancelledReason.IMPLIED),
    Mark.ALTHOUGH_MET: Q(although_met=True),
    Mark.NEAR_DEADLINE: _SENT_BACK
    & Q(moment__gte=F("due_at") - _DAY, moment__lte=F("due_at") + _DAY),
}


def tally(
    periods: Sequence[Period],
    *,
    kinds: Collection[ClauseKind] = LEAD_CLOCKS,
    by: str | None = None,
    as_of: int | None = None,
) -> dict[Cell, Tally]:
    """Count the cases of promises in periods, and in each split of them.

    A case counts in the period in which it was met, in which its time ran out, or in
    which it was cancelled. Periods are half-open in the workspace's time zone and do
    not overlap. Cells without cases are left out.

    Args:
        periods: numbered from 1 in the answer.
        kinds: the promises that are counted together.
        by: a name of `DIMENSIONS`; the answer then has the splits beside the total
            (None): blank is "", campaign, owner and clause are ids as text.
        as_of: a ledger position; the answer is what was known then. None is now.
    """
    found: dict[Cell, Tally] = {}
    for rows in _versions(as_of):
        for row in _counted(rows, periods, kinds, by):
            number, split = row.pop("period"), row.pop("split", None)
            counts = _to_tally(row)
            for cell in {(number, None), (number, split)}:
                found[cell] = found.get(cell, Tally()) + counts
    return found


def _versions(as_of: int | None) -> list[QuerySet[Any]]:
    """Return the rows that held at a position: present ones and such as held then."""
    if as_of is None:
        return [Clock.objects.all()]
    return [
        Clock.objects.filter(entry__position__lte=as_of),
        ClockVersion.objects.filter(
            entry__position__lte=as_of, until_entry__position__gt=as_of
        ),
    ]


def _counted(
    rows: QuerySet[Any],
    periods: Sequence[Period],
    kinds: Collection[ClauseKind],
    by: str | None,
) -> QuerySet[Any, dict[str, Any]]:
    groups = ["period"]
    rows = _in_periods(rows, periods, kinds)
    if by is not None:
        rows, groups = rows.annotate(split=_split(by)), ["period", "split"]
    counts = {f"part_{name}": Count("pk", filter=part) for name, part in _PARTS.items()}
    marks = {
        f"mark_{name}": Count("pk", filter=_CASE & mark)
        for name, mark in _MARKS.items()
    }
    counted: QuerySet[Any, dict[str, Any]] = (
        rows.order_by().values(*groups).annotate(**counts, **marks)
    )
    return counted


def _split(by: str) -> Coalesce:
    return Coalesce(Cast(DIMENSIONS[by], CharField()), Value(""))


def _in_periods(
    rows: QuerySet[Any], periods: Sequence[Period], kinds: Collection[ClauseKind]
) -> QuerySet[Any]:
    zone = workspace.current().zone
    spans = [period.instants(zone) for period in periods]
    numbered = [
        When(ended_at__gte=begin, ended_at__lt=end, then=Value(number))
        for number, (begin, end) in enumerate(spans, 1)
    ]
    chosen: QuerySet[Any] = rows.filter(
        kind__in=list(kinds),
        ended_at__gte=min(begin for begin, _ in spans),
        ended_at__lt=max(end for _, end in spans),
    ).annotate(
        moment=Coalesce("done_at", "ended_at"),
        period=Case(*numbered, default=Value(0), output_field=IntegerField()),
    )
    return chosen.filter(period__gt=0)


def _to_tally(row: Mapping[str, int]) -> Tally:
    marks = {str(name): row[f"mark_{name}"] for name in _MARKS}
    return Tally(**{name: row[f"part_{name}"] for name in _PARTS}, marks=marks)


def records(
    period: Period,
    part: str,
    *,
    kinds: Collection[ClauseKind] = LEAD_CLOCKS,
    by: str | None = None,
    split: str | None = None,
    as_of: int | None = None,
) -> QuerySet[Clock]:
    """Return the clocks behind one number of a `tally`, as they are now.

    Args:
        period: the one of the number.
        part: a count of the tally (``met``, …), a mark, ``n`` or ``cases``.
        kinds: as in `tally`.
        by: as in `tally`, with ``split``.
        split: the split's value; None for the total.
        as_of: as in `tally`.

    Raises:
        KeyError: there is no such part.
    """
    condition = _condition(part)
    found = Q()
    for rows in _versions(as_of):
        key = "pk" if rows.model is Clock else "clock_id"
        chosen = _in_periods(rows, [period], kinds).filter(condition)
        if by is not None and split is not None:
            chosen = chosen.annotate(split=_split(by)).filter(split=split)
        found |= Q(pk__in=chosen.values(key))
    return Clock.objects.filter(found).order_by("ended_at", "pk")


def _condition(part: str) -> Q:
    if part == "n":
        return _PARTS["met"] | _PARTS["breached"]
    if part == "cases":
        return _CASE
    if part in _PARTS:
        return _PARTS[part]
    return _CASE & _MARKS[Mark(part)]
