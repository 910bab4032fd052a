from dataclasses import dataclass


@dataclass(frozen=True)
class Rows:
    """A set of fact rows written by one entry: ids from ``first`` to ``last``."""

    entry: int
    first: int
    last: int
