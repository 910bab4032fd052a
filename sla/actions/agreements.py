"""Write the agreement as a document that both functions sign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.documents.actions import versions
from foundation.documents.actions.versions import Text, WrongDocument
from foundation.documents.models import Version
from foundation.jobs.actions import jobs
from foundation.ledger import actions as ledger
from sla.actions import agreement
from sla.domain.agreement_form import DEFAULT_RULES
from sla.enums import ClauseKind
from sla.models import Agreement, Clause
from sla.queries.agreement import DOCUMENT, written_calendars
from sla.validators import form_of

RECOMPUTE = "sla.recompute"
_COMMON = {"kind", "segment", "source", "priority", "minutes", "share", "text"}


@dataclass(frozen=True)
class Draft:
    """An agreement as it is written down.

    ``form`` are its clauses and rules in their JSON form (docs/agreement.md).
    """

    title: str
    prose: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    effective_at: datetime | None = None
    review_on: date | None = None


def draft(new: Draft, *, by: User | None, at: datetime) -> Version:
    """Begin the next version of the agreement.

    Its number is above that of every agreement so far: what came with the product is
    version 1.

    Raises:
        WrongAgreementText: it cannot be promised or measured.
        WrongDocument: there is no title.
    """
    text = text_of(new)
    with ledger.entry(by=by, at=at, cause="documents"):
        least = agreement.next_version()
        return versions.draft(DOCUMENT, text, by=by, at=at, least=least)


def revise(
    version: Version, new: Draft, *, revision: int, by: User, at: datetime
) -> Version:
    """Change a draft.

    Raises:
        WrongAgreementText: it cannot be promised or measured.
        versions.ChangedMeanwhile: it is not the revision that was read.
        versions.WrongState: it is no draft any more.
    """
    return versions.revise(version, text_of(new), revision=revision, by=by, at=at)


def propose(
    version: Version,
    *,
    by: User,
    at: datetime,
    sign_by_at: datetime | None = None,
    revision: int | None = None,
) -> Version:
    """Put a draft before both functions, with the hours that hold written into it.

    Raises: as `versions.propose`.
    """
    with ledger.entry(by=by, at=at, cause="documents"):
        row = Version.objects.select_for_update().get(pk=version.pk)
        hours = written_calendars(at=max(row.effective_at or at, at))
        content = {**row.content, "calendars": hours}
        if row.content != content and revision in {None, row.revision}:
            told = written(row)
            text = Text(
                told.title, told.prose, content, told.effective_at, told.review_on
            )
            row = versions.revise(row, text, revision=row.revision, by=by, at=at)
            revision = row.revision
        return versions.propose(
            row, by=by, at=at, sign_by_at=sign_by_at, revision=revision
        )


def text_of(new: Draft) -> Text:
    """Return an agreement as a document, in its one normal form.

    Raises: as `draft`.
    """
    if not new.title.strip():
        raise WrongDocument(_("Give it a title."), field="title")
    content = {**form_of(new.form), "calendars": []}
    return Text(
        new.title.strip(), new.prose.strip(), content, new.effective_at, new.review_on
    )


def written(version: Version) -> Draft:
    """Return what a version says, without the hours that were written into it."""
    form = {n: said for n, said in version.content.items() if n != "calendars"}
    return Draft(
        version.title, version.prose, form, version.effective_at, version.review_on
    )


def put_in_force(version: Version, *, at: datetime) -> Agreement:
    """Let a version that both have just signed be what clocks are counted by.

    Joins the entry of the last signature. Where the signers chose so, a worker computes
    the clocks anew that run when it takes effect.
    """
    said = promised(version)
    row = agreement.put_signed_in_force(version, said, entry=ledger.current())
    if row.recompute:
        due = max(at, row.effective_at)
        jobs.enqueue(RECOMPUTE, {"agreement": row.pk}, at=due)
    return row


def promised(version: Version) -> agreement.Draft:
    """Return what a version promises, as the product executes it."""
    form = version.content
    pauses = form["pauses"]
    return agreement.Draft(
        [_promise(clause) for clause in form["clauses"]],
        text=version.prose,
        review_on=version.review_on,
        warning_share=Decimal(form["warning_share"]),
        pauses_per_clock=pauses["most"],
        pause_days=pauses["days"],
        pause_reasons=pauses["reasons"],
        escalation=form["escalation"],
        recompute=form["open_clocks"] == "recompute",
    )


def _promise(clause: Mapping[str, Any]) -> agreement.Promise:
    minutes, share = clause.get("minutes"), clause.get("share")
    return agreement.Promise(
        ClauseKind(clause["kind"]),
        None if minutes is None else timedelta(minutes=minutes),
        None if share is None else Decimal(share),
        source=clause["source"],
        segment=clause["segment"],
        priority=clause["priority"],
        text=clause["text"],
        terms={name: said for name, said in clause.items() if name not in _COMMON},
    )


def form_from(row: Agreement) -> dict[str, Any]:
    """Return the form of an agreement in force, to begin the next version with.

    Clauses of kinds that say more than the row holds, as those that nobody signed may,
    are left out.
    """
    pauses = {
        "reasons": row.pause_reasons,
        "most": row.pauses_per_clock,
        "days": row.pause_days,
    }
    return {
        **DEFAULT_RULES,
        "clauses": [_form(clause) for clause in row.clauses.all()],
        "warning_share": f"{row.warning_share.normalize():f}",
        "pauses": pauses,
        "escalation": row.escalation or DEFAULT_RULES["escalation"],
    }


def _form(clause: Clause) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": clause.kind,
        "segment": clause.segment,
        "source": clause.source,
        "priority": clause.priority,
        "text": clause.text,
        **clause.terms,
    }
    if clause.target_seconds is not None:
        said["minutes"] = clause.target_seconds // 60
    if clause.attainment is not None:
        said["share"] = f"{clause.attainment.normalize():f}"
    return said
