"""Ask several numbers of one snapshot, and show each in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from foundation.accounts.guards import UserRequest
from foundation.accounts.models import Workspace
from foundation.kernel import clock
from foundation.kernel.periods import Period
from kpis.domain.questions import Question, Series, Value
from kpis.domain.registry import REGISTRY, Kpi
from kpis.enums import Kind, Section, Unit
from kpis.queries import values
from kpis.queries.declared.path import STEPS
from kpis.queries.reading import Reading, reading
from kpis.rules import visible_persons
from kpis.views import addresses, figures


@dataclass(frozen=True)
class Desk:
    """One open reading, and whose own figures the reader may see."""

    seen: Reading
    persons: frozenset[int] | None

    @property
    def settings(self) -> Workspace:
        return self.seen.workspace

    @property
    def today(self) -> date:
        return self.seen.today

    def question(self, key: str, period: Period, **asked: Any) -> Question:  # noqa: ANN401
        """Return a question; what the KPI does not know of it is left out."""
        method = REGISTRY[key].method
        if asked.get("by") not in method.dimensions:
            asked["by"] = None
        if asked.get("kind") not in method.kinds:
            asked["kind"] = None
        if not method.windows or asked["kind"] == Kind.PERIOD:
            asked["within"] = None
        return Question(key, period, persons=self.persons, **asked)

    def answer(self, question: Question) -> Series:
        return values.answer(question, self.seen)

    def ask(self, key: str, period: Period, **asked: Any) -> tuple[Question, Series]:  # noqa: ANN401
        """Ask one number; the question comes back with the answer."""
        question = self.question(key, period, **asked)
        return question, self.answer(question)

    def text(self, number: Any, kpi: Kpi) -> str:  # noqa: ANN401 -- Decimal, int, None
        """Write a figure of a KPI."""
        return figures.written(
            number,
            kpi.unit,
            currency=self.settings.base_currency,
            fine=kpi.section == Section.RESULT,
        )

    def shown(self, question: Question, value: Value) -> dict[str, Any]:
        """Return what `ui/value.html` and `ui/value_note.html` show of a value."""
        kpi, measure = REGISTRY[question.key], value.measure
        say = partial(self.text, kpi=kpi)
        return {
            "text": say(measure.value),
            "url": addresses.records(question, value),
            "formula": str(kpi.formula),
            "n": None if kpi.unit == Unit.COUNT else figures.grouped(measure.n),
            "low": say(measure.low),
            "high": say(measure.high),
            "small": value.small_sample and kpi.unit != Unit.COUNT,
            "mature": measure.mature,
            "p90": say(measure.percentiles.get("p90")),
        }

    def window(self, key: str) -> int:
        """Return the days a cohort has by default: fewer for a single step."""
        settings = self.settings
        is_step = key in STEPS
        return settings.step_window_days if is_step else settings.path_window_days

    def mature_part(self, period: Period, within: int | None) -> Period:
        """Return the part of a period whose leads have had the whole window.

        The period itself, where no day of it is old enough: then it still grows.
        """
        end = self.today - timedelta(within or 0)
        if within is None or end >= period.end or end <= period.first:
            return period
        return replace(
            period, end=end, label=f"{period.first}/{end - timedelta(days=1)}"
        )


@contextmanager
def desk(
    request: UserRequest, settings: Workspace, *, as_of: int | None = None
) -> Iterator[Desk]:
    """Open one snapshot for everything a page shows."""
    at: datetime = clock.now()
    with reading(at=at, as_of=as_of) as seen:
        yield Desk(seen, visible_persons(request.user, settings))
