"""Ask several numbers of one snapshot, and show each in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from foundation.accounts.guards import UserRequest
from foundation.accounts.models import Workspace
from foundation.kernel import clock
from foundation.kernel.periods import Period
from kpis.domain.questions import Question, Series, Value
from kpis.domain.registry import REGISTRY
from kpis.queries import targets, values
from kpis.queries.declared.path import STEPS
from kpis.queries.reading import Reading, reading
from kpis.rules import visible_persons
from kpis.views import shown


@dataclass(frozen=True)
class Desk:
    """One open reading, and whose own figures the reader may see."""

    seen: Reading
    persons: frozenset[int] | None
    agreed: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Targets that were read already, by the period's label."""

    @property
    def settings(self) -> Workspace:
        return self.seen.workspace

    @property
    def today(self) -> date:
        return self.seen.today

    def question(self, key: str, period: Period, **asked: Any) -> Question:  # noqa: ANN401
        """Return a question; what the KPI does not know of it is left out."""
        return shown.question(key, period, persons=self.persons, **asked)

    def answer(self, question: Question) -> Series:
        return values.answer(question, self.seen)

    def ask(self, key: str, period: Period, **asked: Any) -> tuple[Question, Series]:  # noqa: ANN401
        """Ask one number; the question comes back with the answer."""
        question = self.question(key, period, **asked)
        return question, self.answer(question)

    def shown(self, question: Question, value: Value) -> dict[str, Any]:
        """Return how a value is shown, with its target where it is the whole one."""
        is_whole = value.split is None and value.period == question.period
        return shown.shown(
            question,
            value,
            currency=self.settings.base_currency,
            target=self.target(question.key, value.period) if is_whole else None,
        )

    def target(self, key: str, period: Period) -> Decimal | None:
        """Return what both heads want a number to be; one statement for each period."""
        if period.label not in self.agreed:
            self.agreed[period.label] = targets.of(list(REGISTRY), period)
        return self.agreed[period.label].get(key)

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
