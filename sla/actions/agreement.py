"""Put the agreement into force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from sla.enums import LEAD_CLOCKS, ClauseKind, Side
from sla.models import Agreement, Clause

BINDS = {
    ClauseKind.ACCEPTANCE: Side.SALES,
    ClauseKind.FIRST_RESPONSE: Side.SALES,
    ClauseKind.FOLLOW_UP: Side.SALES,
    ClauseKind.DISPOSITION: Side.SALES,
    ClauseKind.VOLUME: Side.MARKETING,
    ClauseKind.FLOW: Side.MARKETING,
    ClauseKind.QUALITY: Side.MARKETING,
    ClauseKind.COMPLETENESS: Side.MARKETING,
    ClauseKind.ANSWER: Side.BOTH,
    ClauseKind.DECISION: Side.LEADERSHIP,
    ClauseKind.KEEPING: Side.BOTH,
}
"""Whom each kind of clause binds (domain §5)."""


class WrongAgreement(Invalid):
    """Something in the agreement cannot be promised or measured."""

    code = "wrong_agreement"


@dataclass(frozen=True)
class Promise:
    """A clause as it is written down; a blank or None narrowing fits every lead.

    ``target`` is business time, ``attainment`` the agreed share of cases in time.
    """

    kind: ClauseKind
    target: timedelta | None = None
    attainment: Decimal | None = None
    source: str = ""
    segment: str = ""
    priority: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Draft:
    """An agreement as it is written down. The order of the promises is agreed too."""

    promises: Sequence[Promise]
    text: str = ""
    review_on: date | None = None
    warning_share: Decimal = Decimal("0.75")
    pauses_per_clock: int = 2
    pause_days: int = 30


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
        last = Agreement.objects.select_for_update().order_by("-version").first()
        row = store(
            draft,
            version=(last.version if last else 0) + 1,
            effective_at=effective_at,
            entry=entry.pk,
        )
        entry.record(
            "sla.agreement.put_in_force",
            subject=("sla.agreement", row.pk),
            data={"version": row.version},
        )
    return row


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
    draft: Draft, *, version: int, effective_at: datetime, entry: int | None
) -> Agreement:
    """Write a checked draft as a version with its clauses."""
    row = Agreement.objects.create(
        version=version,
        text=draft.text,
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
        text=promise.text,
    )
