"""Ask several numbers of one snapshot, and show each in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from foundation.accounts.guards import UserRequest
from foundation.accounts.models import Workspace
from foundation.kernel import clock
from foundation.kernel.periods import Period
from kpis.actions import sheets as sheets_of
from kpis.actions.sheets import Answers
from kpis.domain.questions import Question, Series, Value
from kpis.queries import sheets
from kpis.queries.bottleneck import Finding
from kpis.queries.declared.path import STEPS
from kpis.queries.reading import Reading, reading
from kpis.rules import visible_persons
from kpis.views import card, shown


@dataclass(frozen=True)
class Desk:
    """One open reading, and whose own figures the reader may see."""

    answers: Answers
    persons: frozenset[int] | None

    @property
    def seen(self) -> Reading:
        return self.answers.seen

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
        found = self.answers.of(sheets.series_key(question))
        return sheets.series(question, found, self.seen)

    def cohort(self, period: Period, within: int) -> dict[str, Any]:
        """Return how far the leads came that entered in a period."""
        found: dict[str, Any] = self.answers.of(sheets.cohort_key(period, within))
        return found

    @cached_property
    def finding(self) -> Finding:
        """What holds the result back on the newest cohort that is complete."""
        return card.finding(self.answers.of(sheets.FINDING))

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
        """Return what both heads want a number to be."""
        agreed = self.answers.of(sheets.targets_key(period)).get(key)
        return None if agreed is None else Decimal(agreed)

    def window(self, key: str) -> int:
        """Return the days a cohort has by default."""
        return window(key, self.settings)

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


def window(key: str, settings: Workspace) -> int:
    """Return the days a cohort has by default: fewer for a single step."""
    is_step = key in STEPS
    return settings.step_window_days if is_step else settings.path_window_days


@contextmanager
def desk(
    request: UserRequest, settings: Workspace, *, as_of: int | None = None
) -> Iterator[Desk]:
    """Open one snapshot for everything a page shows."""
    with reading(at=clock.now(), as_of=as_of) as seen:
        yield Desk(Answers(seen), visible_persons(request.user, settings))


@contextmanager
def sheet(
    request: UserRequest, settings: Workspace, page: str, *, at: datetime
) -> Iterator[Desk]:
    """Open what everybody sees of a page at one ledger position.

    From the page's name follows everything it asks.
    """
    with sheets_of.answers(page, at=at) as answers:
        yield Desk(answers, visible_persons(request.user, settings))
