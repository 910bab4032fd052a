"""Whom a definition would have qualified in a window of the past, in one statement.

What is asked, and what cannot be known, is in `docs/decisions/definitions-dry-run.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from foundation.documents.models import Version
from foundation.kernel.periods import start_of
from leads.domain.criteria.fields import FIELDS
from leads.domain.criteria.tree import Criteria
from leads.enums import Stage
from leads.models import DryRun
from leads.queries.criteria_then import compile_then
from leads.queries.dry_run_moments import MOMENTS

_SOURCE = "lead.source"
_JUDGED = """
    WITH judged AS MATERIALIZED ({judged}), stored AS (
        INSERT INTO leads_dryrunlead (run_id, outcome, lead_id, judged_at, source)
        SELECT %(run)s, CASE WHEN NOT qualified THEN 'newly' WHEN met THEN 'same'
            ELSE 'no_longer' END, lead_id, at, source
        FROM judged WHERE qualified OR met
    ) SELECT count(*), count(*) FILTER (WHERE qualified AND met),
        count(*) FILTER (WHERE qualified AND NOT met),
        count(*) FILTER (WHERE NOT qualified AND met) FROM judged
"""
COUNTED = ("judged", "same", "no_longer", "newly")
"""What the statement counts."""

LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Window:
    """A range of local days, and the moments at which it begins and ends."""

    first_on: date
    end_on: date
    zone: ZoneInfo

    @property
    def from_at(self) -> datetime:
        return start_of(self.first_on, self.zone)

    @property
    def until_at(self) -> datetime:
        return start_of(self.end_on, self.zone)


@dataclass(frozen=True)
class Slice:
    """Leads from one id up to and without another, and how many of them there are."""

    low: int
    high: int
    leads: int


def judging(
    criteria: Criteria, window: Window, stage: Stage
) -> tuple[str, dict[str, Any]]:
    """Return the statement that stores the groups of a slice, and counts `COUNTED`.

    ``stage`` is the one that the criteria define. Its further parameters are ``run``,
    ``low`` and ``high``.
    """
    compiled = compile_then(
        criteria,
        first=window.from_at,
        last=window.until_at,
        zone=window.zone,
        fields=[FIELDS[_SOURCE]],
    )
    source = compiled.value(_SOURCE)
    judged = compiled.select(
        f"m.lead_id, m.at, m.qualified, ({{met}}) AS met, {source} AS source",
        moments=MOMENTS[stage],
        also=["qualified"],
        some="{id} >= %(low)s AND {id} < %(high)s",
    )
    bounds = {"from_at": window.from_at, "until_at": window.until_at}
    return _JUDGED.format(judged=judged), {**compiled.params, **bounds}


_SLICES = """
    SELECT count(*), min(id), percentile_disc(%(cuts)s) WITHIN GROUP (ORDER BY id)
    FROM leads_lead WHERE created_at < %(until_at)s AND exclusion = ''
"""
MOST_SLICES = 5
FEWEST_IN_SLICE = 50_000


def slices(window: Window) -> list[Slice]:
    """Cut the leads that may be judged into at most five parts of about the same size.

    Few leads are one part; there is always one. One statement.
    """
    cuts = [n / MOST_SLICES for n in range(1, MOST_SLICES)]
    with connection.cursor() as cursor:
        cursor.execute(_SLICES, {"cuts": cuts, "until_at": window.until_at})
        leads, first, middle = cursor.fetchone()
    wanted = min(MOST_SLICES, max(1, leads // FEWEST_IN_SLICE))
    if wanted == 1:
        return [Slice(first or 0, LARGEST, leads)]
    places = [round(n * MOST_SLICES / wanted) for n in range(1, wanted)]
    lows = [first, *(middle[place - 1] for place in places)]
    highs = [*lows[1:], LARGEST]
    sizes = [leads * place // MOST_SLICES for place in (*places, MOST_SLICES)]
    each = [size - before for size, before in zip(sizes, [0, *sizes], strict=False)]
    return [Slice(*one) for one in zip(lows, highs, each, strict=True)]


def of_version(version: Version) -> QuerySet[DryRun]:
    """Return the dry runs of a version, the newest first."""
    return listed().filter(version=version)


def listed() -> QuerySet[DryRun]:
    """Return all dry runs, the newest first, with what is shown of them."""
    rows = DryRun.objects.select_related("version", "job", "asked_by")
    return rows.order_by("-pk")


def groups(run: DryRun) -> Mapping[str, int]:
    """Return how many leads each group has; empty while the run goes on."""
    return {name: run.results[name] for name in COUNTED[1:] if run.results}
