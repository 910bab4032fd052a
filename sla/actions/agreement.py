"""Put the agreement into force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.documents.models import Version
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from sla.enums import BINDS, LEAD_CLOCKS, ClauseKind
from sla.models import Agreement, Clause
from sla.models.agreement import all_pause_reasons
from sla.queries.agreement import DOCUMENT

_LATER = timedelta(microseconds=1)


class WrongAgreement(Invalid):
    """Something in the agreement cannot be promised or measured."""

    code = "wrong_agreement"


@dataclass(frozen=True)
class Promise:
    """A clause as it is written down; a blank or None narrowing fits every lead.

    ``target`` is business time, ``attainment`` the agreed share of cases in time,
    ``terms`` what else its kind says.
    """

    kind: ClauseKind
    target: timedelta | None = None
    attainment: Decimal | None = None
    source: str = ""
    segment: str = ""
    priority: int | None = None
    text: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """An agreement as it is written down. The order of the promises is agreed too."""

    promises: Sequence[Promise]
    text: str = ""
    review_on: date | None = None
    warning_share: Decimal = Decimal("0.75")
    pauses_per_clock: int = 2
    pause_days: int = 30
    pause_reasons: Sequence[str] = field(default_factory=all_pause_reasons)
    escalation: Sequence[Mapping[str, Any]] = ()
    recompute: bool = False


FIRST_PROPOSAL = Draft(
    [
        Promise(ClauseKind.FIRST_RESPONSE, timedelta(hours=2), Decimal("0.9")),
        Promise(ClauseKind.ACCEPTANCE, timedelta(hours=9), Decimal("0.9")),
    ]
)
"""What a workspace begins with: two business hours, and one business day of nine."""


def put_in_force(
    draft: Draft,
    *,
    by: User | None,
    at: datetime,
    effective_at: datetime | None = None,
) -> Agreement:
    """Put an agreement into force from a moment on, in place of the one before.

    Clocks that run keep the clause under which they began.

    Args:
        draft: the agreement.
        by: who puts it into force; None for the product itself.
        at: now.
        effective_at: from when it holds; now, if not given.

    Raises:
        WrongAgreement: it holds from the past on, or a promise has no proper target.
    """
    effective_at = effective_at or at
    if effective_at < at:
        raise WrongAgreement(_("An agreement cannot begin in the past."))
    check(draft)
    with ledger.entry(by=by, at=at, cause="agreement") as entry:
        Agreement.objects.select_for_update().order_by("-version").first()
        row = store(
            draft, version=next_version(), effective_at=effective_at, entry=entry.pk
        )
        _tell(entry, row)
    return row


def next_version() -> int:
    """Return the number after those of all versions, signed, proposed or drafted."""
    last = Agreement.objects.order_by("-version").values_list("version", flat=True)
    drafts = Version.objects.filter(kind=DOCUMENT).order_by("-number")
    return (
        max(last.first() or 0, drafts.values_list("number", flat=True).first() or 0) + 1
    )


def put_signed_in_force(
    version: Version, draft: Draft, *, entry: ledger.Writer
) -> Agreement:
    """Let what both have signed hold, from the moment that its version does."""
    if version.in_force_at is None:
        raise ValueError("It is not signed by both.")
    row = store(
        draft,
        version=version.number,
        effective_at=version.in_force_at,
        entry=entry.pk,
        document=version,
    )
    _tell(entry, row)
    return row


def _tell(entry: ledger.Writer, row: Agreement) -> None:
    entry.topics.add("sla")
    entry.record(
        "sla.agreement.put_in_force",
        subject=("sla.agreement", row.pk),
        data={"version": row.version},
    )


def check(draft: Draft) -> None:
    """Refuse what cannot be measured.

    Raises:
        WrongAgreement: a clock has no target, or a share is none.
    """
    for number, promise in enumerate(draft.promises):
        place = f"promises[{number}]"
        if promise.kind in LEAD_CLOCKS and promise.target is None:
            raise WrongAgreement(_("Say within what time."), field=f"{place}.target")
        if promise.target is not None and promise.target <= timedelta():
            raise WrongAgreement(_("Give it more time."), field=f"{place}.target")
        if promise.attainment is not None and not 0 < promise.attainment <= 1:
            raise WrongAgreement(
                _("Write a share above 0 and up to 1."), field=f"{place}.attainment"
            )
    if not 0 < draft.warning_share <= 1:
        raise WrongAgreement(
            _("Write a share above 0 and up to 1."), field="warning_share"
        )


def store(
    draft: Draft,
    *,
    version: int,
    effective_at: datetime,
    entry: int | None,
    document: Version | None = None,
) -> Agreement:
    """Write a checked draft as a version with its clauses.

    Of two for the same moment the one that is put into force last holds.
    """
    same = Agreement.objects.filter(entry__isnull=False)
    while entry is not None and same.filter(effective_at=effective_at).exists():
        effective_at += _LATER
    row = Agreement.objects.create(
        version=version,
        text=draft.text,
        pause_reasons=list(draft.pause_reasons),
        escalation=[dict(step) for step in draft.escalation],
        recompute=draft.recompute,
        document=document,
        effective_at=effective_at,
        review_on=draft.review_on,
        warning_share=draft.warning_share,
        pauses_per_clock=draft.pauses_per_clock,
        pause_days=draft.pause_days,
        entry_id=entry,
    )
    Clause.objects.bulk_create(
        _clause(promise, agreement=row, place=place)
        for place, promise in enumerate(draft.promises, 1)
    )
    return row


def _clause(promise: Promise, *, agreement: Agreement, place: int) -> Clause:
    target = promise.target
    return Clause(
        agreement=agreement,
        place=place,
        kind=promise.kind,
        side=BINDS[promise.kind],
        source=promise.source,
        segment=promise.segment,
        priority=promise.priority,
        target_seconds=None if target is None else int(target.total_seconds()),
        attainment=promise.attainment,
        terms=dict(promise.terms),
        text=promise.text,
    )
