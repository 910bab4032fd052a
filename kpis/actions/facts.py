"""Keep the daily facts equal to the rows, for touched days only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.utils import OperationalError

from foundation.accounts.queries import workspace
from foundation.kernel.periods import DAY
from kpis.actions.marks import touch_everything
from kpis.domain.days import day_at, days
from kpis.models import Basis, DailyFact, Mark
from kpis.queries import extent, journeys
from leads.domain.path import ORDER

DAYS_AT_ONCE = 31


def refresh(*, days_at_once: int = DAYS_AT_ONCE) -> int:
    """Work out the facts of up to so many touched days; return how many they were.

    One repeatable-read transaction: the marks that it saw, and no others, go together
    with the new facts, so whoever reads sees either the mark or the facts that make
    it needless. Of several workers one works and the others return 0. Safe to repeat.
    """
    try:
        with _turn():
            zone = workspace.current().zone
            _take_over(zone)
            seen = _seen(days_at_once)
            _work_out(sorted(set(seen.values())), zone)
            Mark.objects.filter(pk__in=seen).delete()
            return len(set(seen.values()))
    except _SomebodyElseWorks:
        return 0


def refresh_all() -> int:
    """Work until no day is marked; return how many days were worked out."""
    done = 0
    while more := refresh():
        done += more
    return done


def are_owed() -> bool:
    """Tell whether a worker owes any facts: marked days, or another time zone."""
    zone = workspace.current().zone.key
    return Mark.objects.exists() or not Basis.objects.filter(zone=zone).exists()


class _SomebodyElseWorks(Exception):
    pass


@contextmanager
def _turn() -> Iterator[None]:
    """Lock before the snapshot is taken, so that it shows what the last one did."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try:
            cursor.execute("LOCK TABLE kpis_basis IN EXCLUSIVE MODE NOWAIT")
        except OperationalError as error:
            raise _SomebodyElseWorks from error
        yield


def _take_over(zone: ZoneInfo) -> None:
    """Begin anew in another zone; mark the days beside marks of the zone before."""
    if not Basis.objects.filter(zone=zone.key).exists():
        DailyFact.objects.all().delete()
        Mark.objects.all().delete()
        Basis.objects.update_or_create(pk=1, defaults={"zone": zone.key})
        touch_everything()
        return
    with connection.cursor() as cursor:
        cursor.execute(_TRANSLATE, {"zone": zone.key})


_TRANSLATE = """
    WITH strange AS (DELETE FROM kpis_mark WHERE zone <> %(zone)s RETURNING day)
    INSERT INTO kpis_mark (day, zone)
    SELECT DISTINCT day + off, %(zone)s FROM strange, unnest(ARRAY[-1, 0, 1]) AS off
"""


def _seen(limit: int) -> dict[int, date]:
    """Return the marks of the first days that are marked."""
    first = Mark.objects.order_by("day").values_list("day", flat=True).distinct()
    rows = Mark.objects.filter(day__in=list(first[:limit]))
    return dict(rows.values_list("pk", "day"))


def _work_out(touched: Sequence[date], zone: ZoneInfo) -> None:
    DailyFact.objects.filter(day__in=touched).delete()
    ends = extent.of_entries()
    if not touched or ends is None:
        return
    low, high = (day_at(moment, zone) for moment in ends)
    first, end = min(low, touched[0]), max(high, touched[-1]) + DAY
    calendar = days(zone, first, end)
    params: dict[str, Any] = {
        "touched": list(touched),
        "first": first,
        "starts": calendar.literal,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, params)


_SPLITS = {str(name): value for name, value in journeys.VALUES.items()}
_NAMES = ", ".join(_SPLITS)
_COLUMNS = ", ".join(f"{value} AS {name}" for name, value in _SPLITS.items())
_SETS = ", ".join(f"(day, stage, to_stage, lag, {name})" for name in _SPLITS)
_DIMENSION = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in _SPLITS)
_RANKS = ", ".join(f"({rank}, '{stage}')" for rank, stage in enumerate(ORDER))
_REACHED = ", ".join(f"({rank}, '{s}', e.{s}_at)" for rank, s in enumerate(ORDER))
_STATEMENT = f"""
    WITH {journeys.NOW}, calendar AS (SELECT %(starts)s::timestamptz[] AS starts),
    entered AS (
        SELECT touched.day, d.place, s.rank, s.stage, c.implied, {_COLUMNS}, j.*
        FROM unnest(%(touched)s::date[]) AS touched(day)
            CROSS JOIN (VALUES {_RANKS}) AS s(rank, stage) CROSS JOIN calendar
            CROSS JOIN LATERAL (SELECT touched.day - %(first)s + 1 AS place) AS d
            CROSS JOIN LATERAL ({journeys.of_day("s.stage")}) AS c
            JOIN journeys j ON j.lead_id = c.lead_id
                AND c.occurred_at = CASE s.stage {journeys.FIRSTS} END
        WHERE {journeys.FIRST_OF_TIES}
    ), steps AS (
        SELECT e.day, e.stage, '' AS to_stage, 0 AS lag, e.implied, {_NAMES}
        FROM entered e
        UNION ALL
        SELECT e.day, e.stage, r.stage, width_bucket(r.at, calendar.starts) - e.place,
            false, {_NAMES}
        FROM entered e CROSS JOIN calendar
            CROSS JOIN LATERAL (VALUES {_REACHED}) AS r(rank, stage, at)
        WHERE r.rank > e.rank AND r.at IS NOT NULL
    ), cells AS (
        SELECT CASE {_DIMENSION} ELSE 'total' END AS dimension, stage, to_stage, day,
            coalesce({_NAMES}, '') AS value, lag, count(*) AS n,
            count(*) FILTER (WHERE implied) AS implied
        FROM steps
        GROUP BY GROUPING SETS ((day, stage, to_stage, lag), {_SETS})
    ), running AS (
        SELECT *, sum(n) OVER (PARTITION BY dimension, stage, to_stage, day, value
            ORDER BY lag) AS so_far FROM cells
    )
    INSERT INTO kpis_dailyfact
        (dimension, stage, to_stage, day, value, count, implied, lags, counts)
    SELECT dimension, stage, to_stage, day, value, sum(n), sum(implied),
        coalesce(array_agg(lag ORDER BY lag) FILTER (WHERE to_stage <> ''), '{{}}'),
        coalesce(array_agg(so_far ORDER BY lag) FILTER (WHERE to_stage <> ''), '{{}}')
    FROM running GROUP BY dimension, stage, to_stage, day, value
    ORDER BY dimension, stage, to_stage, day, value
"""  # noqa: S608 -- names are ours
