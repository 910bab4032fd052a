"""Keep the planner from taking a full table for an empty one."""

from collections.abc import Sequence

from django.db import connection

# Fewer than one row a page was counted, and by now there are more than a hundred pages.
_MISCOUNTED = """
    SELECT oid::regclass::text FROM pg_class
    WHERE oid = ANY(%s::regclass[]) AND reltuples >= 0
        AND reltuples < greatest(relpages, 1)
        AND pg_relation_size(oid) > 100 * current_setting('block_size')::int
"""


def count_anew(tables: Sequence[str]) -> None:
    """Count tables again in which nothing, or nearly nothing, was counted last.

    So it is where a large file was only rehearsed, or a table was empty until now: the
    planner then compares every new row with every other one. One short statement where
    nothing is to be done.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MISCOUNTED, [list(tables)])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")
