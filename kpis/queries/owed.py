"""Which days' facts a worker owes, to choose how a number is best worked out.

Never what it is: that is for the statement itself to say, whatever was known before.
"""

from datetime import timedelta

from foundation.kernel.periods import DAY
from kpis.queries.asks import Ask

_MARKS = """
    SELECT day, zone FROM kpis_mark GROUP BY day, zone
    UNION ALL SELECT NULL, zone FROM kpis_basis
"""
_BESIDE = (timedelta(), DAY, -DAY)


def are_most(ask: Ask) -> bool:
    """Tell whether at least half of the covered days must be taken from the rows.

    As of a position it is all of them. One statement for each reading.
    """
    if ask.reading.as_of is not None:
        return True
    rows, zone = ask.reading.rows(_MARKS, {}), ask.reading.zone.key
    if (None, zone) not in rows:
        return True
    marked = [(day, each != zone) for day, each in rows if day is not None]
    days = {day + off for day, other in marked for off in _BESIDE[: 1 + 2 * other]}
    owed: int = sum(ask.covered.first <= day < ask.covered.end for day in days)
    return owed > 0 and 2 * owed >= ask.covered.days
