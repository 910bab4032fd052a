"""The numbers that a decision may be measured by."""

from kpis.domain.registry import REGISTRY
from kpis.queries import values  # noqa: F401 -- registers the numbers


def is_known(key: str) -> bool:
    """Tell whether there is a number of this key."""
    return key in REGISTRY


def names() -> list[tuple[str, object]]:
    """Return every number by key, as people call it, in the order of display."""
    return [(kpi.key, kpi.name) for kpi in REGISTRY.values()]
