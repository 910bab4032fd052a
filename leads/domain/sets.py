from dataclasses import dataclass


@dataclass(frozen=True)
class Rows:
    """A set of fact rows written by one entry: ids from ``first`` to ``last``.

    ``of_new_leads`` tells that nothing was known of their leads before, ``judged`` that
    these were judged by the definition in force already.
    """

    entry: int
    first: int
    last: int
    of_new_leads: bool = False
    judged: bool = False
