"""Find the leads that somebody speaks of, by our ids or by theirs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leads.enums import Exclusion
from leads.models import Lead

type External = tuple[str, str]


def by_external(references: Iterable[External]) -> dict[External, int]:
    """Return the lead ids of (system, external id) pairs, in one statement.

    One that was withdrawn with its load is not there any more.
    """
    wanted = set(references)
    if not wanted:
        return {}
    rows = (
        Lead.objects.filter(
            external_system__in={system for system, _ in wanted},
            external_id__in={external for _, external in wanted},
        )
        .exclude(exclusion=Exclusion.WITHDRAWN)
        .values_list("external_system", "external_id", "pk")
    )
    return {(s, e): pk for s, e, pk in rows if (s, e) in wanted}


def resolve(items: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return each item's lead id; 0 where the external id names no lead.

    An item has ``lead_id``, or ``lead_external_id`` and ``lead_external_system``.
    """
    items = list(items)
    known = by_external(_pair(item) for item in items if "lead_id" not in item)
    return [
        next(keys([item["lead_id"]]), 0)
        if "lead_id" in item
        else known.get(_pair(item), 0)
        for item in items
    ]


def keys(numbers: Iterable[int | None]) -> Iterator[int]:
    """Return the numbers that can be keys at all; the others name nothing."""
    return (n for n in numbers if n is not None and 0 < n < 2**63)


def _pair(item: Mapping[str, Any]) -> External:
    return item.get("lead_external_system", ""), item.get("lead_external_id", "")
