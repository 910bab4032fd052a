"""Judge the clocks of history in sets: what a load tells of rounds that had none.

This is the second reading of `sla.domain.clocks.work_out`, for the plain case that
makes up a file of a hundred thousand leads: a round that began and went on in the past,
told by one set of changes, of a lead that counts and that nobody has touched.
Everything else is left to `sla.actions.assessing`. Tests hold the readings together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from leads.actions.merge_counting import count_anew
from leads.domain.sets import Rows
from sla.actions.history_statements import (
    GROUPS,
    INSERTS,
    OTHER_ROUNDS,
    PLAIN_ROUNDS,
    PLAIN_ROUNDS_OF_NEW_LEADS,
    ROUNDS,
)
from sla.domain import pieces
from sla.domain.open_hours import OpenHours
from sla.domain.pieces import Piece
from sla.domain.terms import CalendarTerms, ClauseTerms, Moment, Terms
from sla.domain.timing import SECOND, to_instant, to_moment
from sla.domain.wall_clock import BLOCK
from sla.queries import terms
from sla.queries.facts import Keys


class _Group(NamedTuple):
    """Leads that are bound alike, with their first and last passage to MQL.

    Values that no clause and no calendar names are left blank.
    """

    owner: int | None
    team: int | None
    source: str
    segment: str
    priority: int | None
    first: Moment
    last: Moment


class _Frame(NamedTuple):
    """What clocks that began in ``[since, until]`` are counted by."""

    since: Moment
    until: Moment
    clause: ClauseTerms
    calendar: CalendarTerms


_TABLES = ("leads_lead", "leads_stagechange", "leads_touchpoint", "sla_clock")
_OTHERS = Keys("SELECT lead_id, round FROM sla_other_rounds", ())


def judge(rows: Rows, *, at: datetime) -> tuple[int, Keys | None]:
    """Store the clocks of plain rounds of history among a set of stage changes.

    Returns how many clocks, and the rounds that are not plain, if there are any. The
    number of statements depends on how many clauses and calendars there are, not on
    how many changes.

    Args:
        rows: the changes; the caller holds their leads locked.
        at: now.
    """
    count_anew(_TABLES)
    with connection.cursor() as cursor:
        found, plain = _find(rows, cursor)
        made = _store(rows.entry, at, cursor) if plain else 0
        if plain < found:
            cursor.execute(OTHER_ROUNDS)
    return made, _OTHERS if plain < found else None


def _find(rows: Rows, cursor: CursorWrapper) -> tuple[int, int]:
    """Put the rounds, and those that are plain, into tables; return how many of each.

    Of new leads nothing else is known, so it is not looked for.
    """
    span = {"first": rows.first, "last": rows.last, "entry": rows.entry}
    cursor.execute(ROUNDS, span)
    found = cursor.rowcount
    cursor.execute(
        PLAIN_ROUNDS_OF_NEW_LEADS if rows.of_new_leads else PLAIN_ROUNDS, span
    )
    return found, cursor.rowcount


def _store(entry: int, at: datetime, cursor: CursorWrapper) -> int:
    """Store the clocks of the plain rounds; return how many."""
    agreed, made = terms.current(), 0
    named = agreed.named._asdict()
    cursor.execute(GROUPS, named)
    for group in [_Group(*row) for row in cursor.fetchall()]:
        told = {**named, **group._asdict(), "now": at, "entry": entry}
        for frame in _frames(group, agreed):
            cursor.execute(INSERTS[frame.clause.kind], told | _counted(frame, at))
            made += cursor.rowcount
    return made


def _frames(group: _Group, agreed: Terms) -> Iterator[_Frame]:
    """Give a frame for each promise, and each time between two versions of them."""
    turns = [group.first, *agreed.turns(group.first, group.last), group.last + 1]
    for kind in INSERTS:
        for since, until in pairwise(turns):
            clause = agreed.clause(
                kind,
                since,
                source=group.source,
                segment=group.segment,
                priority=group.priority or 0,
            )
            if clause is not None:
                calendar = agreed.calendar(group.team, since, person=group.owner)
                yield _Frame(since, until - 1, clause, calendar)


def _counted(frame: _Frame, at: datetime) -> dict[str, Any]:
    """Return what a frame's statement is told."""
    clause, hours = frame.clause, frame.calendar.hours
    first, last = _block(frame.since), _block(max(frame.until, to_moment(at)))
    return {
        "kind": clause.kind,
        "clause": clause.id,
        "target": clause.target,
        "calendar": frame.calendar.id,
        "since": to_instant(frame.since),
        "until": to_instant(frame.until),
        **_table("due", hours, first, _block(frame.until), clause.target),
        **_table("over", hours, first, _block(frame.until), clause.target + 1),
        **_table("passed", hours, first, last, None),
    }


def _block(moment: Moment) -> int:
    return moment // SECOND // BLOCK


@lru_cache(maxsize=32)
def _table(
    name: str, hours: OpenHours, first: int, last: int, goal: int | None
) -> Mapping[str, str]:
    """Return the pieces of whole blocks as arrays, each written once per process."""
    begin, end = first * BLOCK, (last + 1) * BLOCK
    found = (
        pieces.passed(hours, begin, end)
        if goal is None
        else pieces.reached(hours, begin, end, goal)
    )
    columns = zip(*found, strict=True)
    return {
        f"{name}_{field}": _array(column)
        for field, column in zip(Piece._fields, columns, strict=True)
    }


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
