"""A stored scorecard, read back as the values and the finding that it holds."""

from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any

from foundation.kernel.periods import Period, parse
from kpis.domain import bottlenecks
from kpis.domain.questions import Measure, Question, Value
from kpis.models import Scorecard
from kpis.queries.bottleneck import Finding, Sample
from kpis.views import addresses, shown

_WORDS = {"stage", "to_stage", "state", "assumption", "target_agreed", "n", "reached"}


@dataclass(frozen=True)
class Card:
    """What a scorecard says of a period; the same to the last digit for everybody."""

    stored: Scorecard
    period: Period

    @property
    def currency(self) -> str:
        return str(self.stored.values["currency"])

    @cached_property
    def lines(self) -> dict[str, dict[str, Any]]:
        sections = self.stored.values["sections"]
        return {line["key"]: line for each in sections for line in each["kpis"]}

    def question(self, key: str) -> Question:
        line = self.lines[key]
        asked = {"kind": line["kind"], "within": line["within"]}
        return shown.question(key, self.period, **asked)

    def measure(self, key: str) -> Measure:
        return _measure(self.lines[key])

    def target(self, key: str) -> Decimal | None:
        return _decimal(self.lines[key]["target"])

    def shown(self, key: str) -> dict[str, Any]:
        """Return how a line is shown; ``detail`` is the page of its number."""
        line, question = self.lines[key], self.question(key)
        value = Value(None, "", self.period, self.measure(key), line["small_sample"])
        v = shown.shown(
            question, value, currency=self.currency, target=self.target(key)
        )
        return {**v, "detail": addresses.detail(question)}

    @property
    def oldest(self) -> dict[str, Any] | None:
        """The lead that has waited longest; cards of before did not tell."""
        found: dict[str, Any] | None = self.stored.values.get("oldest")
        return found

    @property
    def refused(self) -> dict[str, Any]:
        """How many were refused, and the reasons given most often."""
        return self.stored.values.get("refused") or {"n": 0, "top": []}

    @cached_property
    def finding(self) -> Finding:
        """Return what holds the result back, as the card found it."""
        return finding(self.stored.values["bottleneck"])


def finding(found: dict[str, Any]) -> Finding:
    """Return what `cards.finding` wrote down."""
    steps = tuple(_step(step) for step in found["steps"])
    worst = next((s for s in steps if s.stage == found["worst"]), None)
    return Finding(
        cohort=parse(found["cohort"]),
        within=found["within"],
        entries=found["entries"],
        steps=steps,
        worst=worst,
        average_deal=_decimal(found["average_deal"]),
        won_deals=found["won_deals"],
        second_chance=Sample(
            **found.get("second_chance", {"leads": 0, "customers": 0})
        ),
    )


def _decimal(text: str | int | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _number(number: str | int | None) -> Decimal | int | None:
    return number if isinstance(number, int) else _decimal(number)


def _measure(line: dict[str, Any]) -> Measure:
    return Measure(
        n=line["n"],
        value=_decimal(line["value"]),
        numerator=_number(line["numerator"]),
        denominator=_number(line["denominator"]),
        low=_decimal(line["low"]),
        high=_decimal(line["high"]),
        mature=line["mature"],
        percentiles={k: _decimal(v) for k, v in line["percentiles"].items()},
        apart={k: _number(v) for k, v in line["apart"].items()},
        missing=line["missing"],
        problem=line["problem"],
    )


def _step(step: dict[str, Any]) -> bottlenecks.Step:
    known = (field.name for field in fields(bottlenecks.Step))
    found: dict[str, Any] = {
        name: step[name] if name in _WORDS else _decimal(step[name]) for name in known
    }
    return bottlenecks.Step(**found)
