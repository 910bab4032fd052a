"""Measures as JSON keeps them: nothing is rounded, what is read is what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.kernel.periods import Period
from kpis.domain.questions import Measure

_FIELDS = [field.name for field in fields(Measure)]
_ALIKE = {"n", "mature", "missing", "problem"}
"""What JSON holds as it is; of the others a text is a decimal number."""


def kept(measure: Measure) -> list[Any]:
    """Return a measure as a list that JSON holds."""
    return [_kept(getattr(measure, name)) for name in _FIELDS]


def _kept(value: Any) -> Any:  # noqa: ANN401 -- of any field
    if isinstance(value, Mapping):
        return {str(name): _kept(each) for name, each in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def measure(found: Sequence[Any]) -> Measure:
    """Return the measure that a list of `kept` says."""
    said = zip(_FIELDS, found, strict=True)
    return Measure(**{k: v if k in _ALIKE else number(v) for k, v in said})


def number(value: Any) -> Any:  # noqa: ANN401 -- of any field
    """Return what a value of `kept` means: a text is a decimal number."""
    if isinstance(value, Mapping):
        return {name: number(each) for name, each in value.items()}
    return Decimal(value) if isinstance(value, str) else value


def kept_period(period: Period) -> list[str]:
    """Return a period as a list that JSON holds."""
    return [str(period.first), str(period.end), period.label]


def period(found: Sequence[str]) -> Period:
    """Return the period that a list of `kept_period` says."""
    first, end, label = found
    return Period(date.fromisoformat(first), date.fromisoformat(end), label)
