"""Every KPI of the product. Apps above this one register theirs at start."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.questions import Measure

type Words = object
"""A text, or one that is translated when it is shown."""

type Cell = tuple[int, str | None]
"""The number of a period, counted from 1, and a split; None is the total."""


@dataclass(frozen=True)
class Method:
    """How a family of KPIs is worked out.

    Args:
        read: fetches raw figures for an `Ask`, by cell; cells without any are left
            out. One statement.
        make: turns the raw figures of a cell (None where there are none) into a
            measure.
        records: returns the records behind a cell as a queryset, given the `Ask`, the
            split and the `Part`.
        dimensions: by what it can be split.
        kinds: the conversions it knows.
        beside: the parts beside the number whose records it can return.
    """

    read: Callable[[Any], Mapping[Cell, Any]]
    make: Callable[[Any, int, Any], Measure]
    records: Callable[[Any, str | None, str], Any]
    dimensions: Collection[str] = ()
    kinds: Collection[str] = ()
    windows: bool = False
    beside: Collection[str] = ()


@dataclass(frozen=True)
class Kpi:
    """The declaration of one KPI. Sales and marketing own every one of them."""

    key: str
    name: Words
    unit: str
    direction: str
    formula: Words
    inputs: tuple[str, ...]
    method: Method = field(repr=False)
    section: str = "path"
    owner: str = "both"


REGISTRY: dict[str, Kpi] = {}


def register(*kpis: Kpi) -> None:
    """Add KPIs to the registry, in the order in which they are shown.

    Raises:
        ValueError: a key is taken already.
    """
    for kpi in kpis:
        if kpi.key in REGISTRY:
            raise ValueError(f"There is a KPI {kpi.key} already.")
        REGISTRY[kpi.key] = kpi
