"""What there is to tell of clocks, in a constant number of statements."""

from collections.abc import Collection
from typing import NamedTuple

from foundation.accounts.enums import Function
from foundation.accounts.queries.people import Heads
from sla.models import Clock


class Case(NamedTuple):
    """A clock and the people concerned: who has the lead, else the head; the head."""

    clock: Clock
    owners: list[int]
    heads: list[int]


def cases(clock_ids: Collection[int]) -> tuple[dict[int, Case], Heads]:
    """Return clocks by id with who answers for them, and who heads what.

    Whoever has a lead but cannot sign in is told nothing, so the head is.
    """
    heads = Heads()
    rows = Clock.objects.filter(pk__in=clock_ids).select_related("owner")
    return {row.pk: _case(row, heads) for row in rows}, heads


def _case(clock: Clock, heads: Heads) -> Case:
    owner = clock.owner
    above = heads.of(Function.SALES, owner.team_id if owner is not None else None)
    if owner is None or not owner.is_active:
        return Case(clock, above, above)
    return Case(clock, [owner.pk], above)
