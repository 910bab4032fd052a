"""What a number stands on: one snapshot of the database, and one ledger position."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Workspace
from foundation.accounts.queries import workspace
from foundation.kernel.errors import DomainError
from foundation.kernel.periods import DAY, Period
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry
from kpis.domain.days import day_at
from kpis.queries import extent


class PositionNotReached(DomainError):
    """Nothing can be told as of a ledger position that there is not."""

    code = "position_not_reached"
    status = 400


@dataclass(frozen=True)
class Reading:
    """The facts that may be seen.

    ``position`` is the ledger position that the numbers stand for, ``extent`` the days
    from the first fact there is up to the last, or to today. ``as_of`` is the
    same where later facts must be left out, and None where there are none: rows and
    daily facts can then be taken as they are. ``at`` is the moment that the reading
    speaks for; it decides what is mature.
    """

    position: int
    as_of: int | None
    at: datetime
    workspace: Workspace
    extent: Period
    _told: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def rows(self, statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what a statement finds; the database is asked once for each.

        All that is seen is one snapshot, so that the same words find the same rows.
        """
        asked = f"{statement} {sorted(params.items())}"
        if asked not in self._told:
            with connection.cursor() as cursor:
                cursor.execute(statement, dict(params))
                self._told[asked] = cursor.fetchall()
        return self._told[asked]

    @property
    def zone(self) -> ZoneInfo:
        return self.workspace.zone

    @property
    def today(self) -> date:
        return self.workspace.today(self.at)


@contextmanager
def reading(
    *,
    at: datetime,
    as_of: int | None = None,
    settings: Workspace | None = None,
    told_at: datetime | None = None,
) -> Iterator[Reading]:
    """Open one repeatable-read, read-only transaction and say what it sees.

    Inside an open transaction this joins it, and what is seen is what that one sees.

    Args:
        at: now.
        as_of: the ledger position to go back to; None for the newest.
        settings: the workspace's settings that count; the present ones, if not given.
        told_at: the moment that the reading speaks for; that of the position, if not
            given.

    Raises:
        PositionNotReached: there is no such position yet.
    """
    with _snapshot():
        newest = ledger.position()
        settings = settings or workspace.current()
        if as_of is None or as_of == newest:
            moment, position, back = told_at or at, newest, None
        else:
            moment = told_at or min(at, _moment_of(as_of))
            position, back = as_of, as_of
        yield Reading(position, back, moment, settings, _extent(settings, moment))


def _extent(settings: Workspace, at: datetime) -> Period:
    zone, today = settings.zone, settings.today(at)
    found = [day_at(moment, zone) for moment in extent.of_everything() or ()]
    return Period(min([today, *found]), max([today, *found]) + DAY, "all")


@contextmanager
def _snapshot() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _moment_of(position: int) -> datetime:
    entry = Entry.objects.filter(position=position).first()
    if entry is None:
        raise PositionNotReached(_("The ledger has no such position."), field="as_of")
    return entry.written_at
