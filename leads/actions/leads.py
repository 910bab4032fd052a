"""Create leads and change what is known of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger
from leads import rules, signals
from leads.actions import companies, judging_new, snapshots, stages
from leads.domain import path
from leads.domain.mail_domains import company_domain
from leads.domain.sets import Rows
from leads.enums import Cause, Exclusion, Stage
from leads.models import AttributeChange, Lead, StageChange

CODED = ("source", "campaign_id", "segment", "country", "owner_id", "priority")
FLAGS = ("do_not_contact", "exclusion")
IDENTIFYING = ("email", "phone", "external_id")
PERSONAL = (
    *("email", "phone", "first_name", "last_name", "job_title", "language"),
    "company_id",
)


class NotYours(Forbidden):
    """The lead belongs to somebody else."""

    code = "not_yours"


class IdentityConflict(DomainError):
    """External id and e-mail name two different leads."""

    code = "identity_conflict"


class AlreadyKnown(DomainError):
    """There is a lead with this external id or e-mail address."""

    code = "already_known"


class NobodyIdentified(Invalid):
    """A lead needs an e-mail address, a phone number or an external id."""

    code = "nobody_identified"


_NOBODY = _("Give an e-mail address, a phone number or an external id.")


class ToldAtCreation(Invalid):
    """The lead is there already, and this can be told of a new one only."""

    code = "told_at_creation"


@dataclass(frozen=True)
class NewLead:
    """What is known of a lead when it is created; ``values`` are fields of the row.

    ``definition_id`` is the version by which it is at its stage.
    """

    values: Mapping[str, Any]
    created_at: datetime
    stage: str = Stage.LEAD
    stage_at: datetime | None = None
    reason: str = ""
    recorded_at: datetime | None = None
    definition_id: int | None = None


def folded(email: str) -> str:
    """Return an e-mail address as it is compared: trimmed and case-folded."""
    return email.strip().casefold()


def create(
    new: NewLead, *, by: User | None, at: datetime, cause: str = Cause.HAND
) -> Lead:
    """Create one lead. As `create_many`."""
    return create_many([new], by=by, at=at, cause=cause)[0]


def create_many(
    new: Sequence[NewLead],
    *,
    by: User | None,
    at: datetime,
    cause: str = Cause.HAND,
    live: bool = True,
) -> list[Lead]:
    """Create leads with their first stage change, and take them to their stage.

    Without a company they get that of their address, unless it is a free-mail one. All
    or none. The number of statements is constant.

    Args:
        new: the leads; a ``stage`` beyond ``lead`` is reached at ``stage_at``, or at
            creation.
        by: who creates them.
        at: now; the moment we learned of them.
        cause: why they reached a stage beyond ``lead``.
        live: False marks every change as history.

    Raises:
        NobodyIdentified: one has neither e-mail, phone nor external id.
        AlreadyKnown: one is there already, or twice in the list.
        stages.NotAdvanced: one cannot have reached its stage then.
    """
    with ledger.entry(by=by, at=at, cause="leads") as entry:
        rows = [_row(item) for item in new]
        _refuse_known(rows)
        _give_companies(rows, by=by, at=at)
        new = _judged(new, rows, at=at) if live else new
        told = _Told(by=by, at=at, cause=cause, live=live, entry=entry.pk)
        paths = [told.way(row, item) for row, item in zip(rows, new, strict=True)]
        leads = Lead.objects.bulk_create(rows, batch_size=10_000)
        changes = _stored(leads, paths)
        _record(entry, leads, changes)
        if changes:
            first, last = changes[0].pk, changes[-1].pk
            span = Rows(entry.pk, first, last, of_new_leads=True, judged=True)
            signals.stages_changed.send(
                StageChange, rows=span, changes=changes, by=by, at=at
            )
    return leads


def _judged(
    new: Sequence[NewLead], rows: Sequence[Lead], *, at: datetime
) -> list[NewLead]:
    """Take leads that meet the definition in force to MQL, now.

    Those of which we learn too late are history, and those that come with a stage of
    their own keep it.
    """
    fresh = [
        place
        for place, item in enumerate(new)
        if item.stage == Stage.LEAD
        and (item.recorded_at or at) - item.created_at <= stages.BACK_DATED
    ]
    held, met = judging_new.qualified([rows[place] for place in fresh], at=at)
    judged = list(new)
    for place in (fresh[number] for number in met):
        judged[place] = replace(
            judged[place],
            stage=Stage.MQL,
            stage_at=at,
            definition_id=held,
        )
    return judged


def _stored(
    leads: Sequence[Lead], paths: Sequence[Sequence[StageChange]]
) -> list[StageChange]:
    for lead, path_ in zip(leads, paths, strict=True):
        for change in path_:
            change.lead = lead
    changes = [change for path_ in paths for change in path_]
    return StageChange.objects.bulk_create(changes, batch_size=10_000)


def _record(
    entry: ledger.Writer, leads: Sequence[Lead], changes: Sequence[StageChange]
) -> None:
    entry.record_many(
        "leads.lead.created",
        ((("leads.lead", lead.pk), {"source": lead.source}) for lead in leads),
    )
    entry.record_many(
        "leads.stage.changed",
        (
            (("leads.lead", row.lead_id), stages.coded(row))
            for row in changes
            if row.from_stage
        ),
    )


def _row(new: NewLead) -> Lead:
    email = str(new.values.get("email", "")).strip()
    known = (email, new.values.get("phone"), new.values.get("external_id"))
    if not any(known):
        raise NobodyIdentified(_NOBODY, field="email")
    values = {**new.values, "email": email, "email_folded": folded(email)}
    return Lead(**values, created_at=new.created_at, stage_since_at=new.created_at)


def _give_companies(rows: Sequence[Lead], *, by: User | None, at: datetime) -> None:
    """Give leads without a company that of their address, as loads do."""
    alone = [row for row in rows if row.company_id is None]
    domains = [company_domain(row.email_folded) for row in alone]
    found = companies.of_domains(set(domains) - {""}, by=by, at=at)
    for row, domain in zip(alone, domains, strict=True):
        row.company_id = found.get(domain)


def _refuse_known(rows: Sequence[Lead]) -> None:
    emails = [row.email_folded for row in rows if row.email_folded]
    ids = [(row.external_system, row.external_id) for row in rows if row.external_id]
    twice = len(set(emails)) < len(emails) or len(set(ids)) < len(ids)
    if twice or (_is_known(emails, ids) and not _make_way(_any_of(emails, ids))):
        raise AlreadyKnown(
            _("There is a lead with this e-mail address or external id.")
        )


_BY_EMAIL = """
    SELECT EXISTS (SELECT FROM leads_lead
        WHERE email_folded = ANY(%s) AND NOT email_folded = '')
"""
_BY_ID = """
    SELECT EXISTS (SELECT FROM leads_lead
        JOIN unnest(%s::text[], %s::text[]) AS told(system, name)
        ON (external_system, external_id) = (told.system, told.name))
"""


def _is_known(emails: Sequence[str], ids: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a lead has one of these; one statement for each that is given."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_EMAIL, [list(emails)])
        (known,) = cursor.fetchone()
        if not known and ids:
            cursor.execute(_BY_ID, [*map(list, zip(*ids, strict=True))])
            (known,) = cursor.fetchone()
    return bool(known)


def _make_way(known: QuerySet[Lead]) -> bool:
    """Let leads withdrawn with their load give up what identified them.

    False where one that was not withdrawn is among them.
    """
    if known.exclude(exclusion=Exclusion.WITHDRAWN).exists():
        return False
    known.update(email="", email_folded="", external_system="", external_id="")
    return True


def find(
    emails: Collection[str], external_ids: Collection[tuple[str, str]]
) -> list[Lead]:
    """Return the leads with one of the folded addresses or external ids.

    One that was withdrawn with its load is not there any more.
    """
    there = _any_of(emails, external_ids).exclude(exclusion=Exclusion.WITHDRAWN)
    return list(there)


def named(system: str, external_id: str, email: str) -> Lead | None:
    """Return the lead that an external id names, else the one of an address.

    Raises:
        IdentityConflict: they name two leads, or the address one that has another id
            in the same system.
    """
    found = find({folded(email)} - {""}, {(system, external_id)})
    if not found:
        return None
    own = (found[0].external_system, found[0].external_id)
    other = own[0] == system and own[1] not in {"", external_id}
    if len(found) > 1 or other:
        text = _("External id and e-mail address name two different leads.")
        raise IdentityConflict(text, field="email")
    return found[0]


def require_as_created(lead: Lead, told: Mapping[str, Any]) -> None:
    """Refuse what can be told of a new lead only, unless it is so.

    Raises:
        ToldAtCreation: with the field.
    """
    for name, column in _AT_CREATION.items():
        if name in told and told[name] != getattr(lead, column):
            raise ToldAtCreation(
                _("This is told when a lead is created; tell a stage change."),
                field=name,
            )


_AT_CREATION = {
    "created_at": "created_at",
    "stage": "stage",
    "stage_at": "stage_since_at",
}


def _any_of(
    emails: Collection[str], external_ids: Collection[tuple[str, str]]
) -> QuerySet[Lead]:
    wanted = Q(email_folded__in=list(emails)) & ~Q(email_folded="")
    systems: dict[str, list[str]] = {}
    for system, external in external_ids:
        systems.setdefault(system, []).append(external)
    for system, values in systems.items():
        wanted |= Q(external_system=system, external_id__in=values)
    return Lead.objects.filter(wanted)


@dataclass(frozen=True)
class _Told:
    """How the leads of one batch came to be known."""

    by: User | None
    at: datetime
    cause: str
    live: bool
    entry: int

    def way(self, lead: Lead, new: NewLead) -> list[StageChange]:
        """Bring a lead in memory to its stage; return the changes, not yet stored."""
        reached = new.stage_at or new.created_at
        if max(lead.created_at, reached) > self.at:
            raise stages.NotAdvanced("in_future")
        if reached < lead.created_at:
            raise stages.NotAdvanced("before_lead_created")
        cause = Cause.DEFINITION if new.definition_id else self.cause
        return [
            self._change(lead, new, path.FIRST, lead.created_at, Cause.CREATED),
            *(
                self._change(lead, new, step, reached, cause)
                for step in self._steps(new.stage)
            ),
        ]

    def _steps(self, stage: str) -> list[path.Step]:
        if stage == Stage.LEAD:
            return []
        steps = path.steps(Stage.LEAD, 0, stage)
        if steps is None:
            raise stages.NotAdvanced("no_way")
        return steps

    def _change(
        self, lead: Lead, new: NewLead, step: path.Step, at: datetime, cause: str
    ) -> StageChange:
        actor = self.by.pk if self.by else None
        reason = "" if step is path.FIRST else new.reason
        wish = stages.Advance(0, step.to_stage, at, cause, reason, actor)
        stamp = None if step is path.FIRST else new.definition_id
        wish = replace(wish, recorded_at=new.recorded_at, definition_id=stamp)
        row = stages.row_of(
            lead, wish, step, at=self.at, live=self.live, entry=self.entry
        )
        snapshots.advance(lead, row)
        return row


def change(
    lead: Lead, values: Mapping[str, Any], *, by: User | None, at: datetime
) -> list[str]:
    """Change fields of one lead; return the names of those that became another.

    Coded values and flags become attribute changes, so they can be told as of any
    ledger position; personal ones only change the row. Repeating it changes nothing.

    Raises:
        NotYours: ``by`` may not change this lead.
        IdentityConflict: the new address belongs to another lead.
        NobodyIdentified: nothing would be left that the lead is known by.
    """
    values = dict(values)
    if "email" in values:
        values["email"] = str(values["email"]).strip()
        values["email_folded"] = folded(values["email"])
    with ledger.entry(by=by, at=at, cause="leads") as entry:
        row = Lead.objects.select_for_update().get(pk=lead.pk)
        if by is not None and not rules.may_edit(by, row):
            raise NotYours(_("This lead belongs to somebody else."))
        new = {k: v for k, v in values.items() if getattr(row, k) != v}
        if not new:
            return []
        _refuse_nobody(row, new)
        _refuse_conflict(row, new)
        Lead.objects.filter(pk=row.pk).update(**new)
        names = sorted(new.keys() - {"email_folded"})
        coded = {k: new[k] for k in names if k in CODED + FLAGS}
        _record_attributes([row.pk], coded, at=at, entry=entry.pk)
        entry.record(
            "leads.lead.changed",
            subject=("leads.lead", row.pk),
            data={"fields": ",".join(names)},
        )
        signals.leads_changed.send(Lead, lead_ids=[row.pk], fields=names, by=by, at=at)
    return names


def _refuse_nobody(row: Lead, new: Mapping[str, Any]) -> None:
    lost = [name for name in IDENTIFYING if name in new]
    if lost and not any(new.get(name, getattr(row, name)) for name in IDENTIFYING):
        raise NobodyIdentified(_NOBODY, field=lost[0])


def _refuse_conflict(row: Lead, new: Mapping[str, Any]) -> None:
    emails = {new.get("email_folded", "")} - {""}
    ids = []
    if new.get("external_id"):
        system = new.get("external_system", row.external_system)
        ids = [(system, new["external_id"])]
    known = _any_of(emails, ids).exclude(pk=row.pk)
    if (emails or ids) and known.exists() and not _make_way(known):
        raise IdentityConflict(
            _("This address belongs to another lead."), field="email"
        )


def _record_attributes(
    lead_ids: Sequence[int], coded: Mapping[str, Any], *, at: datetime, entry: int
) -> None:
    AttributeChange.objects.bulk_create(
        [
            AttributeChange(
                entry_id=entry,
                subject="lead",
                subject_id=pk,
                field=name.removesuffix("_id"),
                value="" if value is None else str(value),
                occurred_at=at,
                recorded_at=at,
            )
            for pk in lead_ids
            for name, value in coded.items()
        ],
        batch_size=5_000,
    )


def change_many(
    lead_ids: Collection[int],
    field: str,
    value: Any,  # noqa: ANN401 -- the type of the field
    *,
    by: User | None,
    at: datetime,
) -> int:
    """Set one coded field of many leads; return how many became another.

    The number of statements is constant. Repeating it changes nothing.
    """
    name = field.removesuffix("_id")
    with ledger.entry(by=by, at=at, cause="leads") as entry:
        rows = Lead.objects.filter(pk__in=lead_ids).order_by("pk").select_for_update()
        moved = [row.pk for row in rows if getattr(row, field) != value]
        if moved:
            Lead.objects.filter(pk__in=moved).update(**{field: value})
            _record_attributes(moved, {field: value}, at=at, entry=entry.pk)
            entry.record_many(
                "leads.lead.changed",
                ((("leads.lead", pk), {"fields": name}) for pk in moved),
            )
            signals.leads_changed.send(
                Lead, lead_ids=moved, fields=[field], by=by, at=at
            )
    return len(moved)


def exclude(
    lead_ids: Collection[int], why: Exclusion, *, by: User | None, at: datetime
) -> int:
    """Leave leads out of the numbers (or, with ``NONE``, count them again)."""
    return change_many(lead_ids, "exclusion", str(why), by=by, at=at)
