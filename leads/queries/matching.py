"""How many leads meet criteria now: counted in one statement."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.domain.criteria.tree import Criteria
from leads.queries.criteria import compile_criteria
from leads.queries.definitions import days_of

_PLACE = re.compile(r"%\((\w+)\)s")


def matching(criteria: Sequence[Criteria], *, at: datetime) -> list[int]:
    """Return for each set of criteria how many leads meet it at a moment.

    Leads that are left out of the numbers are left out here. All are counted in one
    statement, so that the figures belong together.
    """
    counts: list[str] = []
    params: dict[str, Any] = {}
    for n, each in enumerate(criteria):
        compiled = compile_criteria(each, days_of(each, at))
        statement = compiled.select(
            "count(*)", where=f"l.exclusion = '' AND ({compiled.met})"
        )
        # Each statement numbers its values itself.
        counts.append(_PLACE.sub(rf"%({n}_\1)s", statement))
        params |= {f"{n}_{name}": value for name, value in compiled.params.items()}
    if not counts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'({each})' for each in counts)}", params)
        return list(cursor.fetchone())
