"""What is known of leads, as criteria see it: today, or at a moment of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from leads.domain.criteria.fields import FIELDS
from leads.domain.criteria.judging import Facts, Touch
from leads.domain.moments import STAMPED, Moment
from leads.models import AttributeChange, Company, Lead, StageChange, Touchpoint

_OTHER = {"lead.campaign": "campaign_id", "lead.owner": "owner_id"}


def facts_of(lead_ids: Collection[int]) -> dict[int, Facts]:
    """Return what is known of leads today, by their ids, in two statements."""
    touches = defaultdict(list)
    rows = Touchpoint.objects.filter(
        Q(lead_id__in=lead_ids), in_force=True, is_withdrawal=False
    ).order_by("occurred_at", "pk")
    for pk, *touch in rows.values_list("lead_id", *Touch._fields):
        touches[pk].append(Touch(*touch))
    leads = Lead.objects.filter(pk__in=lead_ids).select_related("company")
    return {lead.pk: Facts(values_of(lead), touches[lead.pk]) for lead in leads}


def values_of(lead: Lead, names: Iterable[str] = FIELDS) -> dict[str, object]:
    """Return values of a lead and its company by the names of fields."""
    values: dict[str, object] = {}
    for name in names:
        field = FIELDS[name]
        row: Lead | Company | None = lead if field.owner == "lead" else lead.company
        if name == "lead.email_domain":
            _, at, domain = lead.email_folded.rpartition("@")
            values[name] = domain if at else ""
        else:
            column = _OTHER.get(name, field.column)
            values[name] = None if row is None else getattr(row, column)
    return values


def facts_at(moments: Collection[Moment]) -> dict[int, Facts]:
    """Return what was known of leads, each at its own moment.

    Touches and values that were recorded later are left out, and what was taken back
    later still counts. The number of statements is constant.
    """
    ids = [moment.lead_id for moment in moments]
    leads = Lead.objects.filter(pk__in=ids).select_related("company").in_bulk()
    touches = _by(Touchpoint.objects.filter(lead_id__in=ids), "lead_id")
    told = _Told(leads.values())
    found = {}
    for moment in moments:
        lead = leads[moment.lead_id]
        seen = [
            Touch(*(getattr(row, name) for name in Touch._fields))
            for row in _standing(touches[lead.pk], moment.at)
        ]
        found[lead.pk] = Facts(told.values(lead, moment), seen)
    return found


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _standing(rows: Sequence[Any], at: datetime) -> list[Any]:
    """Return the facts that stood at a moment, in order of time.

    Nobody had corrected them by then, or the correction had itself been taken back.
    """
    by_then = [row for row in rows if row.recorded_at <= at]
    corrections = _by((row for row in by_then if row.corrects_id), "corrects_id")

    def stands(row: Any) -> bool:  # noqa: ANN401 -- any fact
        return not any(stands(later) for later in corrections[row.pk])

    found = [r for r in by_then if not r.is_withdrawal and stands(r)]
    kept = (row for row in found if row.occurred_at <= at)
    return sorted(kept, key=lambda row: (row.occurred_at, row.pk))


class _Told:
    """What was recorded of the coded values of some leads and their companies."""

    def __init__(self, leads: Iterable[Lead]) -> None:
        ids = {"lead": set[int](), "company": set[int]()}
        for lead in leads:
            ids["lead"].add(lead.pk)
            if lead.company_id:
                ids["company"].add(lead.company_id)
        rows = AttributeChange.objects.filter(
            Q(subject="lead", subject_id__in=ids["lead"])
            | Q(subject="company", subject_id__in=ids["company"])
        )
        self._rows: dict[tuple[str, int], list[AttributeChange]] = defaultdict(list)
        for row in rows:
            self._rows[row.subject, row.subject_id].append(row)
        first = StageChange.objects.filter(
            lead_id__in=ids["lead"], to_stage="lead", is_withdrawal=False
        )
        self._first = {row.lead_id: row for row in first.order_by("-pk")}

    def values(self, lead: Lead, moment: Moment) -> dict[str, object]:
        """Return the values of a lead by the names of fields, as they were then."""
        values = values_of(lead)
        values["lead.stage"] = moment.stage
        values["lead.stage_since_at"] = moment.stage_since_at
        for name in STAMPED:
            if moment.stamp is not None:
                values[f"lead.{name}"] = moment.stamp[name]
            else:
                self._put(values, "lead", lead.pk, name, moment.at)
        for name in ("priority", "do_not_contact"):
            self._put(values, "lead", lead.pk, name, moment.at)
        for name in ("country", "segment", "industry", "employees"):
            if lead.company_id:
                self._put(values, "company", lead.company_id, name, moment.at)
        return values

    def _put(
        self, values: dict[str, object], subject: str, pk: int, name: str, at: datetime
    ) -> None:
        key = f"{subject}.{name}"
        rows = [row for row in self._rows[subject, pk] if row.field == name]
        if known := _standing(rows, at):
            values[key] = _READ.get(name, str)(known[-1].value)
        elif not any(self._later(rows, at)):
            return
        elif name == "do_not_contact":
            values[key] = next(self._later(rows, at)).value == "False"
        elif subject == "lead" and name in STAMPED:
            column = _OTHER.get(key, name)
            values[key] = getattr(self._first[pk], column)

    @staticmethod
    def _later(rows: Sequence[AttributeChange], at: datetime) -> Any:  # noqa: ANN401
        """Yield what was recorded after a moment, the next one first."""
        later = (r for r in rows if max(r.occurred_at, r.recorded_at) > at)
        plain = (row for row in later if not row.is_withdrawal)
        return iter(sorted(plain, key=lambda row: (row.occurred_at, row.pk)))


def _number(value: str) -> int | None:
    return int(value) if value else None


_READ: Mapping[str, Any] = {
    "campaign": _number,
    "owner": _number,
    "employees": _number,
    "priority": _number,
    "do_not_contact": lambda value: value == "True",
}
