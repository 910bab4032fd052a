"""Log contacts between leads and our teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError, Forbidden
from foundation.ledger import actions as ledger
from leads import rules, signals
from leads.actions.stages import BACK_DATED
from leads.domain.sets import Rows
from leads.enums import Exclusion, Proof
from leads.models import Lead, Touchpoint

_CODED = ("type", "direction", "channel", "team", "automatic", "proof")


@dataclass(frozen=True)
class Touch:
    """A contact: whose, when, and fields of the row (channel, type, direction, …).

    ``recorded_at`` is when it was written down, where that is not now.
    """

    lead_id: int
    occurred_at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Logged:
    """What became of one touch: ``logged``, ``unchanged``, or refused with a code."""

    code: str
    touchpoint_id: int = 0

    @property
    def refused(self) -> bool:
        return self.code not in {"logged", "unchanged"}


REFUSALS = {
    "unknown_lead": _("There is no such lead."),
    "in_future": _("This has not happened yet."),
}


class NotLogged(DomainError):
    """The one touch was refused; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


class NotYourTeam(Forbidden):
    """The touch would count as the other team's."""

    code = "not_your_team"


class NotYourProof(Forbidden):
    """Only a program that keeps a record can say that there is one."""

    code = "not_your_proof"


def require_may_claim(values: Mapping[str, Any], *, by: User) -> None:
    """Refuse a touch that says more than ``by`` can speak for.

    Raises:
        NotYourTeam, NotYourProof: whose it was, or how it is proven.
    """
    if not rules.may_speak_for(by, values.get("team", "")):
        text = _("You log the touches of your own team; programs tell the other's.")
        raise NotYourTeam(text, field="team")
    if not rules.may_vouch(by, values.get("proof", Proof.SELF_REPORTED)):
        text = _(
            "Records elsewhere are told by programs; say self_reported or calendar."
        )
        raise NotYourProof(text, field="proof")


def log(touch: Touch, *, by: User | None, at: datetime) -> Touchpoint:
    """Log one touch. As `log_many`, but a refusal is raised."""
    logged = log_many([touch], by=by, at=at)[0]
    if logged.refused:
        raise NotLogged(logged.code)
    return Touchpoint.objects.get(pk=logged.touchpoint_id)


def log_many(
    touches: Sequence[Touch],
    *,
    by: User | None,
    at: datetime,
    live: bool = True,
    cause: str = "web",
) -> list[Logged]:
    """Log touches. They may precede the lead's creation, but not lie in the future.

    A touch with an external id that is known already is ``unchanged``. Refused ones do
    not stop the others. The number of statements is constant.
    """
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        there = Lead.objects.filter(pk__in={t.lead_id for t in touches})
        there = there.exclude(exclusion=Exclusion.WITHDRAWN)
        known_leads = set(there.values_list("pk", flat=True))
        known = _known(touches)
        results: list[Logged] = []
        new: list[Touchpoint] = []
        for touch in touches:
            code = _code(touch, known_leads, known, at)
            row = None
            if code == "logged":
                row = _row(touch, at=at, live=live, entry=entry.pk)
                new.append(row)
                known.setdefault(_key(touch), 0)
            results.append(Logged(code, known.get(_key(touch), 0)))
        rows = Touchpoint.objects.bulk_create(new, batch_size=10_000)
        if rows:
            _tell(entry, rows, by=by, at=at)
    fresh = iter(rows)
    return [
        Logged(r.code, next(fresh).pk) if r.code == "logged" else r for r in results
    ]


def _key(touch: Touch) -> tuple[str, str] | None:
    external = touch.values.get("external_id")
    return (touch.values.get("external_system", ""), external) if external else None


def _known(touches: Sequence[Touch]) -> dict[tuple[str, str] | None, int]:
    ids = {key[1] for touch in touches if (key := _key(touch))}
    if not ids:
        return {}
    rows = Touchpoint.objects.filter(
        external_id__in=ids, in_force=True, is_withdrawal=False
    )
    found = rows.values_list("external_system", "external_id", "pk")
    return {(system, external): pk for system, external, pk in found}


def _code(
    touch: Touch,
    leads: set[int],
    known: Mapping[tuple[str, str] | None, int],
    at: datetime,
) -> str:
    if touch.lead_id not in leads:
        return "unknown_lead"
    if max(touch.occurred_at, touch.recorded_at or touch.occurred_at) > at:
        return "in_future"
    key = _key(touch)
    return "unchanged" if key is not None and key in known else "logged"


def _row(touch: Touch, *, at: datetime, live: bool, entry: int) -> Touchpoint:
    learnt = touch.recorded_at or at
    return Touchpoint(
        entry_id=entry,
        lead_id=touch.lead_id,
        occurred_at=touch.occurred_at,
        recorded_at=learnt,
        history=not live or learnt - touch.occurred_at > BACK_DATED,
        **touch.values,
    )


def _tell(
    entry: ledger.Writer,
    rows: Sequence[Touchpoint],
    *,
    by: User | None,
    at: datetime,
) -> None:
    entry.record_many(
        "leads.touch.logged",
        (
            (
                ("leads.lead", row.lead_id),
                {"touch": row.pk, **{name: getattr(row, name) for name in _CODED}},
            )
            for row in rows
        ),
    )
    span = Rows(entry.pk, rows[0].pk, rows[-1].pk)
    signals.touches_logged.send(Touchpoint, rows=span, by=by, at=at)
