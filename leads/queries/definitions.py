"""Definitions in force, with their criteria read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy

from foundation.accounts.queries import workspace
from foundation.documents.models import Version
from foundation.documents.queries import versions
from leads.domain.criteria.days import Days, weights
from leads.domain.criteria.faults import Fault
from leads.domain.criteria.reading import parse
from leads.domain.criteria.tree import Criteria
from leads.domain.unfinished import finished_part
from leads.enums import Stage

KINDS = {Stage.MQL: "definition.mql", Stage.SQL: "definition.sql"}
NAMES = {
    Stage.MQL: gettext_lazy("Marketing qualified lead"),
    Stage.SQL: gettext_lazy("Sales qualified lead"),
}
UTC = ZoneInfo("UTC")
_MOST_KNOWN = 64
_KNOWN: dict[str, Criteria] = {}
"""Criteria of proposals and signed versions by digest: what they say never changes."""
STAGES = {kind: stage for stage, kind in KINDS.items()}


@dataclass(frozen=True)
class Definition:
    """A version of a definition with what runs of it.

    ``second_chance`` is the share of refused leads that is worked all the same.
    """

    version: Version
    criteria: Criteria
    second_chance: Decimal

    @property
    def stage(self) -> Stage:
        """The stage that it defines."""
        return STAGES[self.version.kind]


def definition_of(version: Version) -> Definition:
    """Return a version with its criteria read."""
    share = Decimal(version.content.get("second_chance", "0"))
    return Definition(version, _criteria(version), share)


def draft_of(version: Version) -> tuple[Definition, list[Fault]]:
    """Return a version with what can be read of its criteria, and what is amiss.

    Only a draft can be unfinished.
    """
    if version.digest:
        return definition_of(version), []
    share = Decimal(version.content.get("second_chance", "0"))
    criteria, faults = finished_part(version.content.get("criteria", {}))
    return Definition(version, criteria, share), faults


def _criteria(version: Version) -> Criteria:
    if not version.digest:
        return parse(version.content["criteria"])
    if (known := _KNOWN.get(version.digest)) is None:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[version.digest] = parse(version.content["criteria"])
    return known


def in_force(stage: Stage, *, at: datetime) -> Definition | None:
    """Return the definition of a stage that holds at a moment, if there is one."""
    version = versions.in_force(KINDS[stage], at=at)
    return definition_of(version) if version else None


_HELD = """
    SELECT id, digest FROM documents_version
    WHERE kind = %s AND in_force_at <= %s ORDER BY in_force_at DESC LIMIT 1
"""


def held(stage: Stage, *, at: datetime) -> tuple[int, Criteria] | None:
    """Return the id and the criteria of the version that holds, read without the rest.

    As `in_force`, for who asks for every lead that comes in.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [KINDS[stage], at])
        found = cursor.fetchone()
    if found is None:
        return None
    pk, digest = found
    return pk, _KNOWN.get(digest) or _criteria(Version.objects.get(pk=pk))


def days_of(criteria: Criteria, at: datetime, zone: ZoneInfo | None = None) -> Days:
    """Return the days that judging by criteria at a moment needs.

    ``zone`` is the workspace's, where the caller has read it. It is not asked for where
    the criteria do not speak of days; then ``today`` is that of UTC.
    """
    if zone is None and not criteria.speaks_of_days:
        return Days(at, UTC, 0)
    engagement = criteria.engagement
    back = len(weights(engagement.half_life_days)) if engagement else 0
    return Days(at, zone or workspace.zone(), back)


def by_id(pk: int | None) -> Definition | None:
    """Return one version of a definition."""
    version = Version.objects.filter(pk=pk, kind__in=STAGES).first() if pk else None
    return definition_of(version) if version else None
