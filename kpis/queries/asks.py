"""A question made ready to be answered: its periods cut, its moments known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import DomainError
from foundation.kernel.periods import DAY, Period, Step, around, cut, start_of
from kpis.domain.days import Days, cut_at, days
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY, Kpi
from kpis.enums import Kind
from kpis.queries.reading import Reading

LONGEST_SERIES = 1_500
LONGEST_WINDOW = 3_660
_DAYS_OF = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 28, Step.QUARTER: 90, Step.YEAR: 365}


class BadQuestion(DomainError):
    """The number does not know what it is asked; ``field`` names the parameter."""

    code = "bad_question"
    status = 400


class UnknownKpi(DomainError):
    """There is no KPI with this key."""

    code = "unknown_kpi"
    status = 404


@dataclass(frozen=True)
class Ask:
    """A question, the facts that may be seen, and the periods that are answered."""

    question: Question
    reading: Reading
    kpi: Kpi
    periods: tuple[Period, ...]
    covered: Period
    """The days on which there is anything at all, inside the question's period."""

    @property
    def by(self) -> str | None:
        return self.question.by

    @cached_property
    def calendar(self) -> Days:
        """The covered days, and as many more as the window is long."""
        more = timedelta(days=self.question.within or 0)
        return days(self.reading.zone, self.covered.first, self.covered.end + more)

    @cached_property
    def moments(self) -> tuple[datetime, datetime]:
        """The half-open range of moments that is covered."""
        return self.covered.instants(self.reading.zone)

    @cached_property
    def params(self) -> dict[str, Any]:
        """What every statement about first entries needs."""
        low, high = self.moments
        return {
            "zone": self.reading.zone.key,
            "first": self.covered.first,
            "end": self.covered.end,
            "low": low,
            "high": high,
            "starts": self.calendar.literal,
            "cuts": cut_at(self.periods),
            "bounds": self.bounds,
            "today": self.reading.today,
            "within": self.question.within,
            "as_of": self.reading.as_of,
        }

    @cached_property
    def bounds(self) -> list[datetime]:
        """The first moment of each period, and that at which the last one ends."""
        return [start_of(day, self.reading.zone) for day in cut_at(self.periods)]

    def has_ended(self, slot: int) -> bool:
        """Tell whether the last day of a period has passed."""
        return self.periods[slot - 1].end <= self.reading.today

    def is_mature(self, slot: int) -> bool:
        """Tell whether everybody of a cohort has had the whole window.

        Without a window nobody has had it for good, and the cohort is never mature.
        """
        window = self.question.within
        if window is None:
            return False
        return self.periods[slot - 1].end + timedelta(window) <= self.reading.today


def prepare(
    question: Question, reading: Reading, periods: Sequence[Period] = ()
) -> Ask:
    """Check a question and cut its period, or take ``periods`` without gaps.

    Raises:
        UnknownKpi: the key is not registered.
        BadQuestion: the KPI has no such split or kind, or the series is too long.
    """
    kpi = REGISTRY.get(question.key)
    if kpi is None:
        raise UnknownKpi(_("There is no such KPI."), field="key")
    _check(question, kpi)
    chosen = tuple(periods) or _cut(question, reading.extent)
    whole = Period(chosen[0].first, chosen[-1].end, question.period.label)
    return Ask(question, reading, kpi, chosen, _within(whole, reading.extent))


def _check(question: Question, kpi: Kpi) -> None:
    if question.by is not None and question.by not in kpi.method.dimensions:
        raise BadQuestion(_("This KPI is not split by that."), field="by")
    if question.kind is not None and question.kind not in kpi.method.kinds:
        raise BadQuestion(_("This KPI has no such kind."), field="kind")
    if question.within is None:
        return
    if not kpi.method.windows or question.kind == Kind.PERIOD:
        raise BadQuestion(_("This KPI has no window of days."), field="within")
    if not 0 <= question.within <= LONGEST_WINDOW:
        raise BadQuestion(_("This window is too long."), field="within")


def _cut(question: Question, extent: Period) -> tuple[Period, ...]:
    """Cut the period; "all" is cut into the whole steps in which there is anything."""
    period = question.period
    if question.step is None:
        return (period,)
    step = Step(question.step)
    if period.label == "all":
        first, last = around(extent.first, step), around(extent.last, step)
        period = Period(first.first, last.end, period.label)
    if period.days > LONGEST_SERIES * _DAYS_OF[step]:
        raise BadQuestion(_("Ask for fewer steps at once."), field="step")
    return tuple(cut(period, step))


def _within(period: Period, found: Period) -> Period:
    """Return the days of a period on which there can be anything; maybe none."""
    first = max(period.first, found.first - DAY)
    end = min(period.end, found.end + DAY)
    return Period(first, max(first, end), period.label)
