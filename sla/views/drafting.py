"""Write the agreement where it is read: each edit posts the form and saves the draft.

What cannot be promised yet is shown with its fault and not saved; the page holds it
until it can. Somebody else's change is never written over unasked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.actions.versions import ChangedMeanwhile, WrongDocument
from foundation.documents.enums import State
from foundation.documents.models import Version
from foundation.documents.views import pages
from foundation.kernel import clock
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from foundation.kernel.periods import start_of
from sla.actions import agreements
from sla.actions.agreements import Draft
from sla.domain.agreement_form import DEFAULT_RULES, MOST_CLAUSES, PARAMETERS, STEPS
from sla.enums import BINDS, ClauseKind, EscalationStep, PauseReason
from sla.forms import AgreementForm
from sla.validators import WrongAgreementText, form_of
from sla.views import contract, documents
from sla.views.agreements import PREFIX, version_context, version_of

_TEMPLATE = "sla/agreement_edit.html"
_FIELDS = {"effective_at": "effective_on"}
_LONGEST = 10
_SHARES = {"share", "accepted", "to_sql", "retained"}
_TEXTS = {"segment", "source", "text"}
_WORDS = {"period", "measure", "amount", "lead_value", "currency"}
_TIMED = {"minutes": 240, "share": "0.9"}
NEW: dict[str, dict[str, Any]] = {
    ClauseKind.FIRST_RESPONSE: {"minutes": 120, "share": "0.9"},
    ClauseKind.ACCEPTANCE: {"minutes": 540, "share": "0.9"},
    ClauseKind.FOLLOW_UP: {"attempts": 6, "channels": 2, "days": 10, "share": "0.8"},
    ClauseKind.DISPOSITION: {"minutes": 5_400, "share": "0.8"},
    ClauseKind.VOLUME: {"measure": "count", "period": "quarter", "leads": 300},
    ClauseKind.FLOW: {"leads": 10},
    ClauseKind.QUALITY: {"accepted": "0.8", "to_sql": "0.4", "days": 30},
    ClauseKind.COMPLETENESS: {"fields": ["lead.email", "lead.phone"], "share": "0.95"},
    ClauseKind.ANSWER: {"minutes": 1_080, "share": "0.9"},
    ClauseKind.DECISION: {"minutes": 2_700, "share": "0.9"},
    ClauseKind.KEEPING: {"retained": "0.9", "period": "year", **_TIMED},
}
"""What a clause of each kind begins with."""


@dataclass
class _Edit:
    """One look at the draft: what is written, and what became of saving it."""

    source: dict[str, Any]
    form: AgreementForm
    revision: int
    faults: list[tuple[str, str]] = field(default_factory=list)
    refusal: DomainError | None = None
    focus: int | None = None
    saved_at: datetime | None = None

    @property
    def status(self) -> int:
        """An unfinished draft is no refusal; a change by somebody else is."""
        return self.refusal.status if self.refusal else 200


@requires(Permission.AGREEMENT_EDIT)
@require_http_methods(["GET", "POST"])
def agreement_edit(request: UserRequest, pk: int) -> HttpResponse:
    version = version_of(pk)
    if request.method == "POST":
        edit = _posted(request.POST, version, by=request.user, at=clock.now())
    elif version.state != State.DRAFT:
        return redirect("sla:agreement-detail", pk=pk)
    else:
        source = dict(agreements.written(version).form)
        edit = _Edit(_by_part(source), _form_of(version), version.revision)
    context = _context(request.user, version_of(pk), edit)
    return page(
        request, _TEMPLATE, context, partial="agreement-builder", status=edit.status
    )


def _form_of(version: Version) -> AgreementForm:
    zone, moment = workspace.zone(), version.effective_at
    return AgreementForm(
        initial={
            "title": version.title,
            "prose": version.prose,
            "effective_on": moment.astimezone(zone).date() if moment else None,
            "review_on": version.review_on,
        }
    )


def _by_part(source: dict[str, Any]) -> dict[str, Any]:
    """Put the clauses in the order in which they are read."""
    clauses = source.get("clauses", [])
    return {**source, "clauses": [c for _n, c in documents.in_order(clauses)]}


# What was posted


def _posted(sent: QueryDict, version: Version, *, by: User, at: datetime) -> _Edit:
    clauses = [_clause(sent, f"c{n}") for n in sent.getlist("clause")[:MOST_CLAUSES]]
    clauses = [clause for clause in clauses if clause["kind"] in PARAMETERS]
    act, _space, told = sent.get("act", "").partition(" ")
    focus = _act(clauses, act, told)
    source = {"clauses": clauses, **_rules(sent)}
    if focus is not None and 0 <= focus < len(clauses):
        marked = clauses[focus]
        source = _by_part(source)
        focus = next(n for n, c in enumerate(source["clauses"]) if c is marked)
    revision = _whole(sent.get("over") or sent.get("revision", ""))
    edit = _Edit(
        _by_part(source),
        AgreementForm(sent),
        revision if isinstance(revision, int) else 0,
        focus=focus,
    )
    _save(edit, version, by=by, at=at)
    return edit


def _clause(sent: QueryDict, at: str) -> dict[str, Any]:
    """Return a clause as it was typed; what is no value stays as it is, and a fault."""
    kind = sent.get(f"{at}.kind", "")
    found: dict[str, Any] = {"kind": kind}
    for name in (*PARAMETERS.get(kind, ()), "segment", "source", "priority", "text"):
        typed = sent.get(f"{at}.{name}")
        if name == "fields":
            found[name] = sent.getlist(f"{at}.fields")
        elif typed is not None:
            found[name] = _value(name, typed.strip())
    if sent.get(f"{at}.unit") == "hours" and isinstance(found.get("minutes"), int):
        found["minutes"] *= 60
    return found


def _value(name: str, typed: str) -> Any:  # noqa: ANN401 -- JSON
    if name in _SHARES:
        return _share(typed)
    if name in _TEXTS:
        return typed
    if name in _WORDS:
        return "".join(typed.split()).replace(",", ".") or None
    return _whole(typed) if typed else None


def _whole(typed: str) -> int | str:
    plain = "".join(typed.split())
    return int(plain) if plain.isdecimal() and len(plain) < _LONGEST else typed


def _share(typed: str) -> str:
    """Return a percentage as a share; what is none stays as it is typed."""
    try:
        number = Decimal(typed.replace(",", ".")) / 100
    except InvalidOperation:
        return typed
    return f"{number:f}" if number.is_finite() else typed


def _rules(sent: QueryDict) -> dict[str, Any]:
    steps = [
        {"to": to, "minutes": _whole(sent.get(f"step.{to}.minutes") or "0")}
        for to in STEPS
        if f"step.{to}" in sent
    ]
    return {
        "warning_share": _share(sent.get("warning_share", "")),
        "pauses": {
            "reasons": sent.getlist("pause"),
            "most": _whole(sent.get("pauses_most") or "0"),
            "days": _whole(sent.get("pause_days") or "0"),
        },
        "escalation": steps,
        "open_clocks": sent.get("open_clocks", DEFAULT_RULES["open_clocks"]),
    }


# Doing


def _act(clauses: list[dict[str, Any]], act: str, told: str) -> int | None:
    """Do what a button says; return the place of the clause to go on with."""
    if act == "add" and told in NEW and len(clauses) < MOST_CLAUSES:
        clauses.append({"kind": told, **NEW[told]})
        return len(clauses) - 1
    first, _space, other = told.partition(" ")
    at, beside = _whole(first), _whole(other)
    if not isinstance(at, int) or at >= len(clauses):
        return None
    if act == "measure":
        return _turn_measure(clauses, at)
    if act == "remove":
        del clauses[at]
        return None
    if act in {"above", "below"} and isinstance(beside, int):
        return _put(clauses, at, min(beside, len(clauses) - 1), act == "below")
    return _move(clauses, at, {"up": -1, "down": 1}.get(act, 0))


def _turn_measure(clauses: list[dict[str, Any]], at: int) -> int:
    """Count qualified leads, or what they are worth."""
    clause = clauses[at]
    if clause.get("kind") != ClauseKind.VOLUME:
        return at
    kept = {n: clause[n] for n in clause if n in {"kind", "period", *_TEXTS}}
    worth = {"amount": "100000.00", "lead_value": "500.00"}
    currency = workspace.current().base_currency
    by_value = {"measure": "value", **worth, "currency": currency}
    by_count = {"measure": "count", "leads": 300}
    clauses[at] = {**kept, **(by_count if clause["measure"] == "value" else by_value)}
    return at


def _move(clauses: list[dict[str, Any]], at: int, step: int) -> int:
    """Change places with the next clause of the same part."""
    side = BINDS[ClauseKind(clauses[at]["kind"])]
    same = [n for n, c in enumerate(clauses) if BINDS[ClauseKind(c["kind"])] == side]
    to = same.index(at) + step
    if not 0 <= to < len(same):
        return at
    clauses[at], clauses[same[to]] = clauses[same[to]], clauses[at]
    return same[to]


def _put(clauses: list[dict[str, Any]], at: int, beside: int, below: bool) -> int:  # noqa: FBT001 -- of the act
    clause, mark = clauses[at], clauses[beside]
    if clause is not mark:
        clauses.remove(clause)
        clauses.insert(clauses.index(mark) + below, clause)
    return clauses.index(clause)


def _save(edit: _Edit, version: Version, *, by: User, at: datetime) -> None:
    try:
        form_of(edit.source)
    except WrongAgreementText as wrong:
        edit.faults = [(pointer, words) for pointer, _code, words in wrong.faults]
    if not edit.form.is_valid() or edit.faults:
        return
    data = edit.form.cleaned_data
    new = Draft(
        data["title"],
        data["prose"].replace("\r\n", "\n"),
        edit.source,
        _moment(data["effective_on"], version),
        data["review_on"],
    )
    try:
        row = agreements.revise(version, new, revision=edit.revision, by=by, at=at)
    except WrongDocument as wrong:
        edit.form.add_error(_FIELDS.get(wrong.field, wrong.field), str(wrong))
    except DomainError as refusal:
        edit.refusal = refusal
    else:
        edit.revision, edit.saved_at = row.revision, at


def _moment(day: date | None, version: Version) -> datetime | None:
    """Return when a day begins; a moment of that day that is kept already stays."""
    zone, known = workspace.zone(), version.effective_at
    if day is None:
        return None
    if known is not None and known.astimezone(zone).date() == day:
        return known
    return start_of(day, zone)


# Showing


def _context(user: User, version: Version, edit: _Edit) -> dict[str, Any]:
    shown = version_context(user, version)
    rules = edit.source
    pauses = {**DEFAULT_RULES["pauses"], **rules.get("pauses", {})}
    steps = {step["to"]: step["minutes"] for step in rules.get("escalation", [])}
    elsewhere = [w for at, w in edit.faults if not at.startswith("/clauses/")]
    return {
        **shown,
        "form": edit.form,
        "parts": _parts(edit),
        "kinds": _kinds(),
        "warning_share": contract.percent_of(rules.get("warning_share", "")),
        "pauses": pauses,
        "pause_reasons": [
            {"value": r.value, "label": r.label, "chosen": r.value in pauses["reasons"]}
            for r in PauseReason
        ],
        "steps": [
            {"to": s.value, "label": s.label, "minutes": steps.get(s.value)}
            for s in EscalationStep
        ],
        "recompute": rules.get("open_clocks") == "recompute",
        "revision": edit.revision,
        "faults": elsewhere,
        "unfinished": len({at for at, _w in edit.faults}) + len(edit.form.errors),
        "refusal": edit.refusal,
        "changed": isinstance(edit.refusal, ChangedMeanwhile),
        "saved_at": edit.saved_at,
        "propose_form": pages.propose_form(edit.revision, clock.now()),
        "prefix": PREFIX,
    }


def _kinds() -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (
            side.value,
            str(label),
            [(k.value, str(k.label)) for k in ClauseKind if BINDS[k] == side],
        )
        for side, label in documents.PARTS.items()
    ]


def _parts(edit: _Edit) -> list[dict[str, Any]]:
    clauses: Sequence[Mapping[str, Any]] = edit.source["clauses"]
    sides = [BINDS[ClauseKind(clause["kind"])] for clause in clauses]
    return [
        {
            "side": side.value,
            "label": label,
            "clauses": [
                _shown(edit, n, clause, sides)
                for n, clause in enumerate(clauses)
                if sides[n] == side
            ],
        }
        for side, label in documents.PARTS.items()
        if side in sides
    ]


def _shown(
    edit: _Edit, n: int, clause: Mapping[str, Any], sides: Sequence[str]
) -> dict[str, Any]:
    at = f"c{n}"
    place = f"/clauses/{n}"
    faults = [
        words if pointer == place else f"{_name(pointer)}: {words}"
        for pointer, words in edit.faults
        if pointer == place or pointer.startswith(f"{place}/")
    ]
    inputs = contract.Inputs(clause, at)
    timed = "share" in PARAMETERS[clause["kind"]]
    same = [m for m, side in enumerate(sides) if side == sides[n]]
    return {
        "n": n,
        "at": at,
        "kind": clause["kind"],
        "label": ClauseKind(clause["kind"]).label,
        "measure": clause.get("measure"),
        "sentence": contract.sentence(clause, inputs),
        "share": inputs.share("share") if timed else "",
        "segment": clause.get("segment", ""),
        "source": clause.get("source", ""),
        "priority": "" if (said := clause.get("priority")) is None else str(said),
        "text": clause.get("text", ""),
        "faults": faults,
        "focus": edit.focus == n,
        "is_first": same[0] == n,
        "is_last": same[-1] == n,
    }


def _name(pointer: str) -> str:
    return contract.label_of(pointer.split("/")[3])
