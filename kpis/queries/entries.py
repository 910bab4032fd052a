"""How many leads entered a stage, and how many of them came further, by day and split.

Days that no worker owes anything are taken from the daily facts, all others from the
rows, in one statement, so that a number never depends on how far the worker is. Where
most days are owed, and as of a position, all are taken from the rows, which is quicker
than day by day and tells the same.
"""

from collections.abc import Mapping, Sequence

from kpis.domain.registry import Cell
from kpis.enums import Dimension
from kpis.models.daily_fact import TOTAL
from kpis.queries import journeys, owed
from kpis.queries.asks import Ask

type Counts = dict[str, int]
"""Leads by the stage they reached; the empty one counts all that entered."""

DIRTY = """
    dirty AS MATERIALIZED (
        SELECT day FROM kpis_mark
        WHERE zone = %(zone)s AND day >= %(first)s AND day < %(end)s
        UNION SELECT day + off FROM kpis_mark, unnest(ARRAY[-1, 0, 1]) AS off
        WHERE zone <> %(zone)s AND day + off >= %(first)s AND day + off < %(end)s
        UNION SELECT generate_series(%(first)s, %(end)s - 1, '1 day')::date
        WHERE NOT EXISTS (SELECT FROM kpis_basis WHERE zone = %(zone)s)
    )
"""
"""Days whose facts are owed: marked ones, ones beside marks of another zone, or all."""

CALENDAR = "calendar AS (SELECT %(starts)s::timestamptz[] AS starts)"

_KEPT = """
    SELECT width_bucket(f.day, %(cuts)s::date[]) AS slot,
        f.dimension = 'total' AS whole, f.value, f.to_stage,
        CASE WHEN f.to_stage = '' THEN f.count
            WHEN %(within)s::int IS NULL THEN f.count
            ELSE coalesce(f.counts[width_bucket(%(within)s::int, f.lags)], 0) END AS n
    FROM kpis_dailyfact f
    WHERE f.dimension = ANY(%(dimensions)s) AND f.stage = %(stage)s
        AND f.to_stage = ANY(%(stages)s) AND f.day >= %(first)s AND f.day < %(end)s
        AND NOT EXISTS (SELECT FROM dirty WHERE dirty.day = f.day)
"""


def counts(ask: Ask, stage: str, reached: Sequence[str] = ()) -> Mapping[Cell, Counts]:
    """Return by period and split how many first entered ``stage``, and came further.

    The key "" counts the entries. A stage of ``reached`` counts those of them that
    reached it at any time, or with a window within so many local days. The split is
    the one stamped at entry into ``stage``. One statement.
    """
    text, more = journeys.prelude(ask.reading)
    params = {
        **ask.params,
        **more,
        "stage": stage,
        "stages": ["", *reached],
        "dimensions": [TOTAL, ask.by] if ask.by else [TOTAL],
    }
    if owed.are_most(ask):
        relations, kept = f"{text}, fresh AS ({_whole(ask, stage, reached)})", ""
    else:
        fresh = _fresh(ask, stage, reached)
        relations = f"{text}, {CALENDAR}, {DIRTY}, fresh AS ({fresh})"
        kept = f"UNION ALL {_KEPT}"
    statement = f"""
        WITH {relations}, cells AS (
            SELECT slot, whole, value, to_stage, n FROM fresh,
            LATERAL unnest(%(stages)s::text[], numbers) AS reached(to_stage, n) {kept}
        ) SELECT slot, whole, value, to_stage, sum(n)::bigint
        FROM cells GROUP BY slot, whole, value, to_stage
    """  # noqa: S608 -- names are ours
    found: dict[Cell, Counts] = {}
    for slot, whole, value, to_stage, n in ask.reading.rows(statement, params):
        found.setdefault((slot, None if whole else value), {})[to_stage] = n
    return found


def _fresh(ask: Ask, stage: str, reached: Sequence[str]) -> str:
    """Count the rows of the dirty days, looked up day by day."""
    numbers = ["count(*)", *(f"count(*) FILTER (WHERE {name})" for name in reached)]
    columns = [f"{came_to(name, ask)} AS {name}" for name in reached]
    value, whole, shown = _split(ask)
    inner = ", ".join(["d.place", f"{value} AS value", *columns])
    sets = "(slot), (slot, value)" if ask.by else "(slot)"
    rows = journeys.entered(stage, ask.reading, on_dirty_days=True)
    return f"""
        SELECT slot, {whole} AS whole, {shown} AS value,
            ARRAY[{", ".join(numbers)}] AS numbers
        FROM (SELECT entry.*,
                width_bucket(%(first)s + entry.place - 1, %(cuts)s::date[]) AS slot
              FROM (SELECT {inner} {rows}) AS entry) AS placed
        GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 -- names are ours


def _whole(ask: Ask, stage: str, reached: Sequence[str]) -> str:
    """Count the rows of all days in one scan, which several processes can share.

    Only leads of several rounds can have ties; looked up for each row they would keep
    the scan to one process. OFFSET 0 keeps the planner from weighing the test for a
    first entry, of which it expects that next to nobody passes.
    """
    columns = "".join(f", {came_to(name, ask)} AS {name}" for name in reached)
    numbers = ["count(*)", *(f"count(*) FILTER (WHERE {name})" for name in reached)]
    named = ", ".join(f"{n} AS n{i}" for i, n in enumerate(numbers))
    sums = ", ".join(f"sum(n{i})::bigint" for i in range(len(numbers)))
    value, whole, shown = _split(ask)
    sets = "(slot), (slot, value)" if ask.by else "(slot)"
    first = f"j.{stage}_at = c.occurred_at"
    of_one = _SCAN.format(value=value, first=first, columns=columns, stage=stage)
    of_more = f"{of_one} AND j.round > 1 AND {first} AND {journeys.FIRST_OF_TIES}"
    return f"""
        SELECT slot, {whole} AS whole, {shown} AS value, ARRAY[{sums}] AS numbers
        FROM (
            SELECT slot, value, {named} FROM (
                {of_one} AND j.round <= 1 OFFSET bigint '0'
            ) AS entry WHERE is_first GROUP BY slot, value
            UNION ALL
            SELECT slot, value, {named} FROM ({of_more}) AS entry GROUP BY slot, value
        ) AS placed GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 -- names are ours


_SCAN = """
    SELECT width_bucket(c.occurred_at, %(bounds)s::timestamptz[]) AS slot,
        {value} AS value, {first} AS is_first {columns}
    FROM changes c JOIN journeys j ON j.lead_id = c.lead_id
        CROSS JOIN (SELECT %(starts)s::timestamptz[] AS starts) AS calendar
        CROSS JOIN LATERAL (
            SELECT width_bucket(c.occurred_at, calendar.starts) AS place) AS d
    WHERE c.to_stage = '{stage}'
        AND c.occurred_at >= %(low)s AND c.occurred_at < %(high)s
"""


def _split(ask: Ask) -> tuple[str, str, str]:
    """Return the split's value of a row, whether a group is the total, and its name."""
    if not ask.by:
        return "''", "true", "''"
    value = journeys.VALUES[Dimension(ask.by)]
    return value, "GROUPING(value) = 1", "coalesce(value, '')"


_VOLUMES = """
    cells AS (
        SELECT f.stage, f.count AS n, f.implied FROM kpis_dailyfact f
        WHERE {live} AND f.dimension = 'total' AND f.to_stage = ''
            AND f.stage = ANY(%(stages)s) AND f.day >= %(first)s AND f.day < %(end)s
            AND NOT EXISTS (SELECT FROM dirty WHERE dirty.day = f.day)
        UNION ALL SELECT c.to_stage, 1, c.implied::int {fresh}
    ) SELECT stage, sum(n)::bigint, sum(implied)::bigint FROM cells GROUP BY stage
"""


def volumes(ask: Ask, stages: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Return how many first entered each stage in the whole period.

    And how many of these entries were implied. One statement for all stages.
    """
    text, more = journeys.prelude(ask.reading)
    live = "true" if ask.reading.as_of is None else "false"
    found = _VOLUMES.format(live=live, fresh=journeys.entered_any(ask.reading))
    rows = ask.reading.rows(
        f"WITH {text}, {CALENDAR}, {DIRTY}, {found}",
        {**ask.params, **more, "stages": list(stages)},
    )
    counted = {stage: (n, implied) for stage, n, implied in rows}
    return {stage: counted.get(stage, (0, 0)) for stage in stages}


def came_to(stage: str, ask: Ask) -> str:
    """Return the condition that lead ``j`` reached a stage, in time if there is one."""
    if ask.question.within is None:
        return f"j.{stage}_at IS NOT NULL"
    limit = "calendar.starts[d.place + %(within)s + 1]"
    return f"coalesce(j.{stage}_at < {limit}, false)"
