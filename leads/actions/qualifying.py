"""Qualification runs by itself: whoever meets the MQL definition in force becomes MQL.

Nobody falls back because the criteria are not met any more. A lead that was sent back
to nurture is judged again from its re-entry date on; without one, once it turned to us
again.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from foundation.accounts.queries import workspace
from leads.actions import stages
from leads.domain.criteria.tree import Criteria, FieldCondition
from leads.domain.sets import Rows
from leads.enums import Cause, Stage
from leads.models import JudgedDay
from leads.queries import definitions
from leads.queries.criteria import compile_criteria
from leads.queries.definitions import Definition

FEW = 50
"""So many leads are judged in the transaction that concerns them; more by a worker."""
BATCH = 2_000

_CANDIDATES = """
    l.id = ANY(%(leads)s) AND l.exclusion = '' AND (
        l.stage = 'lead'
        OR l.stage = 'recycled' AND (l.re_entry_on <= %(today)s
            OR l.re_entry_on IS NULL AND EXISTS (
                SELECT FROM leads_touchpoint n
                WHERE n.lead_id = l.id AND n.occurred_at > l.stage_since_at
                    AND n.direction = 'inbound' AND n.in_force
                    AND NOT n.is_withdrawal)))
    AND ({met})
"""


def judge(lead_ids: Collection[int], *, at: datetime) -> list[int]:
    """Judge leads by the MQL definition in force; return those that became MQL.

    Joins the open ledger entry, or opens one where somebody qualifies. Repeating it
    changes nothing. The number of statements is constant.
    """
    found = definitions.in_force(Stage.MQL, at=at) if lead_ids else None
    return _judge(found, lead_ids, at=at) if found else []


def _judge(found: Definition, lead_ids: Collection[int], *, at: datetime) -> list[int]:
    days = definitions.days_of(found.criteria, at, workspace.zone())
    compiled = compile_criteria(found.criteria, days)
    statement = compiled.select(
        "l.id, l.stage",
        where=_CANDIDATES.format(met=compiled.met),
        some="t.lead_id = ANY(%(leads)s)",
    )
    params = {**compiled.params, "leads": list(lead_ids), "today": days.today}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        qualified = sorted(cursor.fetchall())
    if not qualified:
        return []
    wishes = [
        stages.Advance(
            pk,
            Stage.MQL,
            at,
            Cause.DEFINITION if stage == Stage.LEAD else Cause.RETURNED,
            definition_id=found.version.pk,
        )
        for pk, stage in qualified
    ]
    results = stages.advance_many(wishes, by=None, at=at, cause="qualification")
    return [result.lead_id for result in results if result.code == "advanced"]


def consider(lead_ids: Sequence[int], *, at: datetime) -> None:
    """Judge a few leads now, and leave many to a worker, in the open transaction."""
    if (held := definitions.in_force(Stage.MQL, at=at)) is None:
        return
    if len(lead_ids) <= FEW:
        _judge(held, lead_ids, at=at)
    else:
        _leave("SELECT unnest(%s::bigint[])", [list(lead_ids)])


_NEW = """
    SELECT lead_id FROM leads_stagechange
    WHERE id BETWEEN %s AND %s AND entry_id = %s AND NOT history
    GROUP BY lead_id HAVING bool_and(to_stage = 'lead')
"""
_TOUCHED = """
    SELECT DISTINCT lead_id FROM leads_touchpoint
    WHERE id BETWEEN %s AND %s AND entry_id = %s AND NOT history
"""
_OF_COMPANIES = "SELECT id FROM leads_lead WHERE company_id = ANY(%s)"
_LEAVE = "INSERT INTO leads_unjudged (lead_id) {} ON CONFLICT DO NOTHING"


def consider_new(rows: Rows, *, at: datetime) -> None:
    """Judge leads that were just created and are nothing else yet.

    Those loaded as history are left alone.
    """
    if rows.of_new_leads and not rows.judged:
        _consider_rows(_NEW, rows, at=at)


def consider_touched(rows: Rows, *, at: datetime) -> None:
    """Judge leads whose touches became others; history is left alone."""
    _consider_rows(_TOUCHED, rows, at=at)


def _consider_rows(statement: str, rows: Rows, *, at: datetime) -> None:
    params = [rows.first, rows.last, rows.entry]
    _consider(statement, params, many=rows.last - rows.first >= FEW, at=at)


def consider_companies(company_ids: Collection[int], *, at: datetime) -> None:
    """Judge the people of companies that became others."""
    _consider(_OF_COMPANIES, [list(company_ids)], many=False, at=at)


def _consider(
    statement: str, params: Sequence[Any], *, many: bool, at: datetime
) -> None:
    """Judge the leads that a statement finds; leave ``many`` to a worker unseen."""
    if (held := definitions.in_force(Stage.MQL, at=at)) is None:
        return
    if not many:
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT {FEW + 1}", params)
            found = [pk for (pk,) in cursor.fetchall()]
        if len(found) <= FEW:
            _judge(held, found, at=at)
            return
    _leave(statement, params)


def _leave(statement: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE.format(statement), params)


_TAKE = """
    DELETE FROM leads_unjudged WHERE lead_id IN (
        SELECT lead_id FROM leads_unjudged ORDER BY lead_id LIMIT %s
        FOR UPDATE SKIP LOCKED)
    RETURNING lead_id
"""


def judge_next(*, at: datetime) -> int:
    """Judge the next leads that were left to a worker; return how many.

    Runs in the caller's transaction, which also takes their marks away.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        found = [pk for (pk,) in cursor.fetchall()]
    judge(found, at=at)
    return len(found)


_ALL = """
    SELECT id FROM leads_lead
    WHERE stage IN ('lead', 'recycled') AND exclusion = ''
"""


def judge_all_later() -> None:
    """Leave every lead that could qualify to a worker: another definition holds now."""
    _leave(_ALL, [])


def left_by_day(*, at: datetime) -> int:
    """Leave to a worker the leads that a new day can qualify; return how many.

    Age alone brings a lead to meet a condition where something becomes older than so
    many days: those leads, and those whose re-entry date has come. Where points can be
    taken away by touches that fade, leads with such touches too. Days on which nothing
    ran are made up for.
    """
    found = definitions.in_force(Stage.MQL, at=at)
    if found is None:
        return 0
    days = definitions.days_of(found.criteria, at, workspace.zone())
    new = _new_days(days.today)
    before = days.today - timedelta(days=new)
    parts = [_RE_ENTERING]
    params = dict[str, Any](today=days.today, before=before)
    for place, age in sorted(_ages(found.criteria)):
        # What was ``age`` days old at most before the new days is older today.
        params[f"since{age}"] = days.since(age + new)
        params[f"until{age}"] = days.since(age)
        parts.append(_AGED[place].format(age=age))
    if _fades(found.criteria):
        params["fading"] = days.starts[0]
        parts.append(_FADING)
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE.format(" UNION ".join(parts)), params)
        left = int(cursor.rowcount)
    JudgedDay.objects.update_or_create(pk=1, defaults={"day": days.today})
    return left


def _new_days(today: date) -> int:
    """Return how many days have begun since the last one that was judged, at least 1.

    Judging a day again finds the same leads, which changes nothing.
    """
    last = JudgedDay.objects.values_list("day", flat=True).first()
    return max(1, (today - last).days) if last else 1


_RE_ENTERING = """
    SELECT id FROM leads_lead
    WHERE stage = 'recycled' AND exclusion = ''
        AND re_entry_on > %(before)s AND re_entry_on <= %(today)s
"""
_SINCE_THEN = "{moment} >= %(since{{age}})s AND {moment} < %(until{{age}})s"
_LEADS = "SELECT l.id FROM leads_lead l {joined} WHERE " + _SINCE_THEN  # noqa: S608 -- names are ours
_AGED = {
    "touches": "SELECT t.lead_id FROM leads_touchpoint t WHERE t.in_force AND "  # noqa: S608 -- names are ours
    + _SINCE_THEN.format(moment="t.occurred_at"),
    **{
        f"lead.{name}": _LEADS.format(joined="", moment=f"l.{name}")
        for name in ("created_at", "stage_since_at")
    },
    "company.created_at": _LEADS.format(
        joined="JOIN leads_company c ON c.id = l.company_id", moment="c.created_at"
    ),
}
"""Who has something that became older than so many days by now, by what that is."""
_FADING = """
    SELECT lead_id FROM leads_touchpoint
    WHERE in_force AND occurred_at >= %(fading)s
"""


def _ages(criteria: Criteria) -> set[tuple[str, int]]:
    """Return of what the age matters, and at how many days."""
    ages: set[tuple[str, int]] = set()
    for condition in criteria.conditions():
        if isinstance(condition, FieldCondition):
            if condition.op.endswith("_days"):
                ages.add((condition.field.name, condition.value))
        elif condition.op.startswith("last_"):
            ages.add(("touches", condition.value))
        elif condition.within_days is not None:
            ages.add(("touches", condition.within_days))
    return ages


def _fades(criteria: Criteria) -> bool:
    engagement = criteria.engagement
    return (
        engagement is not None
        and engagement.half_life_days is not None
        and any(line.points < 0 for group in engagement.groups for line in group.points)
    )


def meets(lead_id: int, held: Definition, *, at: datetime) -> bool:
    """Tell whether a lead meets all criteria of a version."""
    compiled = compile_criteria(held.criteria, definitions.days_of(held.criteria, at))
    statement = compiled.select(
        "{met}", where="l.id = %(lead)s", some="t.lead_id = %(lead)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**compiled.params, "lead": lead_id})
        return bool(cursor.fetchone()[0])
