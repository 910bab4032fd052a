"""Where the facts of one entry lie in their tables.

Ids rise, so the facts that an entry writes lie between the last ids given before and
after it, among those that others wrote at the same time.
"""

from django.db import connection

TABLES = (
    *("leads_stagechange", "leads_touchpoint", "leads_attributechange"),
    *("campaigns_spendentry", "deals_dealchange", "deals_revenueentry"),
)

type Spans = dict[str, tuple[int, int]]
"""For each table: the ids are above the first number and not above the second."""


def positions() -> dict[str, int]:
    """Return the last id given in each table of facts, in one statement."""
    places = ", ".join(
        f"(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table}_id_seq)"  # noqa: S608 -- names are ours
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {places}")
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


def between(before: dict[str, int], after: dict[str, int]) -> Spans:
    """Return the spans of the tables in which ids were given meanwhile."""
    return {
        table: (before[table], last)
        for table, last in after.items()
        if last > before[table]
    }
