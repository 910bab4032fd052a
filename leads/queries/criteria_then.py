"""Judge many leads in one statement, each at a moment of its own, by what was known.

What was known at a moment is written down in `docs/decisions/definitions-dry-run.md`;
`leads.queries.facts.facts_at` reads the same facts for the reading in Python. Moments
are a relation ``m`` with the columns of `COLUMNS`.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, override
from zoneinfo import ZoneInfo

from foundation.kernel.periods import start_of
from leads.domain.criteria.days import starts_between
from leads.domain.criteria.fields import Field
from leads.domain.criteria.tree import Criteria
from leads.domain.moments import STAMPED
from leads.queries.criteria_writer import LEADS, TOUCHES, Writer, today

COLUMNS = (
    "lead_id",
    "at",
    "stage",
    "stage_since_at",
    "stamped",
    *(f"{name}_id" if name in {"campaign", "owner"} else name for name in STAMPED),
)
"""What a relation of moments tells; ``stamped`` where a stage change has the values."""

_CORRECTED = """
    {name} AS MATERIALIZED (
        SELECT k.corrects_id AS id, k.recorded_at AS from_at,
            coalesce(min(b.recorded_at), 'infinity') AS until_at
        FROM {table} k LEFT JOIN {table} b ON b.corrects_id = k.id
        WHERE k.corrects_id IS NOT NULL GROUP BY k.id
    )
"""
"""From when to when a fact was taken back: until what took it back was itself."""

_STOOD = """NOT {row}.is_withdrawal AND NOT EXISTS (
    SELECT FROM {name} x
    WHERE x.id = {row}.id AND x.from_at <= m.at AND x.until_at > m.at)"""


@dataclass(frozen=True)
class CompiledThen:
    """A statement in parts, with the values of its placeholders.

    ``met``, ``fit`` and ``engagement`` are expressions over what `select` joins;
    ``value`` gives that of a field.
    """

    met: str
    fit: str
    engagement: str
    value: Callable[[str], str]
    params: dict[str, Any]
    _writer: "_EachThen"

    def select(
        self, columns: str, *, moments: str, also: Sequence[str] = (), some: str = ""
    ) -> str:
        """Return a statement that selects columns of leads with their judgement.

        Args:
            columns: what to select; ``{met}``, ``{fit}`` and ``{engagement}`` stand for
                the expressions.
            moments: a query for the relation ``m``.
            also: its further columns that are asked for.
            some: a condition on ``{id}`` where the leads are some of many.
        """
        told = columns.format(met=self.met, fit=self.fit, engagement=self.engagement)
        with_, joins = self._writer.relations(moments, also, some)
        return f"""
            WITH {with_} SELECT {told}
            FROM m JOIN ({LEADS}) ON l.id = m.lead_id {_and(some, "l.id")}
            {joins}
        """  # noqa: S608 -- names are ours, values are parameters


def compile_then(
    criteria: Criteria,
    *,
    first: dt.datetime,
    last: dt.datetime,
    zone: ZoneInfo,
    fields: Collection[Field] = (),
) -> CompiledThen:
    """Return the statement that judges leads at moments from ``first`` to ``last``.

    ``fields`` are those whose values are asked for besides.
    """
    writer = _EachThen(zone)
    parts = writer.parts(criteria)
    values = {wanted.name: writer.value(wanted) for wanted in fields}
    starts = starts_between(first, last, zone, writer.back)
    oldest = starts[writer.back - writer.oldest] if writer.oldest is not None else None
    writer.params |= {"oldest": oldest or "-infinity", "last": last}
    writer.params["starts"] = f"{{{','.join(map(str, starts))}}}"
    return CompiledThen(*parts, values.__getitem__, writer.params, writer)


class _EachThen(Writer):
    """Judges each lead at ``m.at``; ``m.day`` is that moment's place among the days."""

    at = "m.at"

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.zone = zone
        self.bounds: set[int] = set()
        self.told: dict[str, set[str]] = {"lead": set(), "company": set()}
        self.used: set[str] = set()
        self.fading = 0

    @property
    def back(self) -> int:
        """Return how many days before the first moment matter."""
        return max([self.fading, *self.bounds])

    @property
    def oldest(self) -> int | None:
        """Return how many days before the first moment a touch matters; None: ever."""
        ages = list(self.mattering.values())
        known = [age for age in ages if age is not None]
        return max(known, default=0) if len(known) == len(ages) else None

    @override
    def since(self, days: int) -> str:
        self.bounds.add(days)
        return f"m.since{days}"

    @override
    def start(self, day: dt.date) -> str:
        return self.param(start_of(day, self.zone))

    @override
    def place(self) -> str:
        self.fading = len(self.params["weights"])
        return f"1 + m.day - {_day_of('t.occurred_at')}"

    @override
    def value(self, wanted: Field) -> str:
        name = wanted.column
        if wanted.name in {"lead.stage", "lead.stage_since_at"}:
            self.used.add(name)
            return f"m.{name}"
        stamped = wanted.owner == "lead" and name in STAMPED
        if not stamped and name not in _CODED[wanted.owner]:
            return today(wanted)
        told = self.told[wanted.owner]
        told.add(name)
        self.params[f"{wanted.owner}_told"] = sorted(told)
        if stamped:
            self.used |= {"stamped", _column(name)}
            return _STAMPED_VALUE.format(
                name=name, column=_column(name), known=_typed("kl", name)
            )
        if name == "do_not_contact":
            return _FLAG.format(name=name)
        known = "kl" if wanted.owner == "lead" else "kc"
        return (
            f"(CASE WHEN {known}.{name} IS NULL THEN {today(wanted)} "
            f"ELSE {_typed(known, name)} END)"
        )

    def relations(
        self, moments: str, also: Sequence[str], among: str
    ) -> tuple[str, str]:
        """Return the relations that stand after WITH, and the joins with them."""
        bounds = "".join(
            f", {_STARTS}[d.day - {days}] AS since{days}"
            for days in sorted(self.bounds)
        )
        used = ["lead_id", "at", *sorted(self.used), *also]
        columns = ", ".join(f"n.{name}" for name in used)
        found = [
            f"""m AS MATERIALIZED (
                SELECT d.*{bounds} FROM (
                    SELECT {columns}, {_day_of("n.at")} AS day
                    FROM ({moments}) AS n OFFSET 0) AS d)"""  # noqa: S608 -- names are ours
        ]
        joins = []
        if self.seen:
            found += [_CORRECTED.format(name="untouched", table="leads_touchpoint")]
            found += [f"seen AS ({self._seen(among)})"]
            joins.append("LEFT JOIN seen ON seen.lead_id = m.lead_id")
        if any(self.told.values()):
            table = "leads_attributechange"
            found.append(_CORRECTED.format(name="unsaid", table=table))
        for owner, name in (("lead", "kl"), ("company", "kc")):
            if self.told[owner]:
                found.append(f"{name} AS ({self._known(owner)})")
                joins.append(f"LEFT JOIN {name} ON {name}.lead_id = m.lead_id")
        return ", ".join(found), " ".join(joins)

    def _seen(self, among: str) -> str:
        some = [] if "" in self.mattering else list(self.mattering)
        stood = _STOOD.format(row="t", name="untouched")
        return f"""
            SELECT t.lead_id, {", ".join(self.columns)}
            FROM {TOUCHES} JOIN m ON m.lead_id = t.lead_id
            WHERE t.occurred_at >= %(oldest)s AND t.occurred_at <= %(last)s
                AND t.occurred_at <= m.at AND t.recorded_at <= m.at AND {stood}
                {f"AND ({' OR '.join(some)})" if some else ""}
                {_and(among, "t.lead_id")}
            GROUP BY t.lead_id
        """  # noqa: S608 -- names are ours, values are parameters

    def _known(self, owner: str) -> str:
        names = sorted(self.told[owner])
        by_then = "a.occurred_at <= m.at AND a.recorded_at <= m.at"
        columns = ", ".join(_told_of(name, by_then) for name in names)
        people = "" if owner == "lead" else "JOIN leads_lead p ON p.id = m.lead_id"
        subject = "m.lead_id" if owner == "lead" else "p.company_id"
        return f"""
            SELECT m.lead_id, {columns} FROM m {people}
            JOIN leads_attributechange a ON a.subject_id = {subject}
            WHERE a.subject = '{owner}' AND a.field = ANY(%({owner}_told)s)
                AND {_STOOD.format(row="a", name="unsaid")}
            GROUP BY m.lead_id
        """  # noqa: S608 -- names are ours, values are parameters


_STARTS = "(%(starts)s::timestamptz[])"
_CODED = {
    "lead": {"priority", "do_not_contact"},
    "company": {"country", "segment", "industry", "employees"},
}
"""Values whose changes are recorded; the others are known as they are today."""

_STAMPED_VALUE = """(CASE WHEN m.stamped THEN m.{column}
    WHEN kl.{name} IS NOT NULL THEN {known}
    WHEN kl.{name}_later IS NOT NULL THEN (
        SELECT f.{column} FROM leads_stagechange f
        WHERE f.lead_id = l.id AND f.to_stage = 'lead' AND NOT f.is_withdrawal
        ORDER BY f.id LIMIT 1)
    ELSE l.{column} END)"""
_FLAG = """(CASE WHEN kl.{name} IS NOT NULL THEN kl.{name}::boolean
    WHEN kl.{name}_later IS NOT NULL THEN NOT kl.{name}_later::boolean
    ELSE l.{name} END)"""
_TYPES = {"campaign": "bigint", "owner": "bigint", "employees": "int"}


def _and(among: str, column: str) -> str:
    return f"AND {among.format(id=column)}" if among else ""


def _day_of(moment: str) -> str:
    return f"width_bucket({moment}, {_STARTS})"


def _column(name: str) -> str:
    return f"{name}_id" if _TYPES.get(name) == "bigint" else name


def _typed(relation: str, name: str) -> str:
    """Return a recorded value as what it is; a blank one of a number is missing."""
    if name in _TYPES:
        return f"nullif({relation}.{name}, '')::{_TYPES[name]}"
    return f"{relation}.{name}{'::int' if name == 'priority' else ''}"


def _told_of(name: str, by_then: str) -> str:
    """Return the last value that was recorded by then, and the next one after that."""
    newest = "array_agg(a.value ORDER BY a.occurred_at DESC, a.id DESC)"
    oldest = "array_agg(a.value ORDER BY a.occurred_at, a.id)"
    return f"""
        ({newest} FILTER (WHERE a.field = '{name}' AND {by_then}))[1] AS {name},
        ({oldest} FILTER (WHERE a.field = '{name}' AND NOT ({by_then})))[1]
            AS {name}_later"""
