"""The signed text of an agreement in JSON: eleven kinds of clauses and the rules.

``read`` returns the one normal form, in which everything is said and nothing is left to
a default, because it is what people sign; or it says all that is wrong, with places.
Numbers with fractions are texts, times are whole business minutes.
"""

from collections.abc import Mapping
from typing import Any

from leads.domain.criteria.faults import Fault
from sla.domain.written import (
    LONGEST_TEXT,
    Read,
    WrongAgreementForm,
    currency,
    fields,
    money,
    nothing_or,
    one_of,
    share,
    some_of,
    text,
    whole,
)

MOST_CLAUSES = 60
MOST_MINUTES = 43_200
PERIODS = ("week", "month", "quarter", "year")
RETENTION_PERIODS = ("quarter", "year")
MEASURES = ("count", "value")
STEPS = ("owner", "head", "leadership")
PAUSE_REASONS = ("lead_asked", "marketing", "wrong_data")
OPEN_CLOCKS = ("keep", "recompute")
FILLED_FIELDS = (
    *("lead.email", "lead.phone", "lead.first_name", "lead.last_name"),
    *("lead.job_title", "lead.country", "lead.language", "lead.source"),
    *("lead.segment", "company.name", "company.domain", "company.country"),
    *("company.industry", "company.segment", "company.employees"),
)
"""What completeness can ask for: what marketing can fill before the handoff."""

_NARROWED: dict[str, Read] = {
    "segment": text(80),
    "source": text(80),
    "priority": nothing_or(whole(0, 32_767)),
}
_WORDS: dict[str, Read] = {"text": text(LONGEST_TEXT)}
_DEFAULTS: dict[str, Any] = {"segment": "", "source": "", "priority": None, "text": ""}
_TIMED: dict[str, Read] = {"minutes": whole(1, MOST_MINUTES), "share": share}
PARAMETERS: dict[str, dict[str, Read]] = {
    "acceptance": _TIMED,
    "first_response": _TIMED,
    "follow_up": {
        "attempts": whole(1, 50),
        "channels": whole(1, 7),
        "days": whole(1, 90),
        "share": share,
    },
    "disposition": _TIMED,
    "volume": {
        "measure": one_of(MEASURES),
        "period": one_of(PERIODS),
        "leads": nothing_or(whole(1, 10_000_000)),
        "amount": nothing_or(money),
        "lead_value": nothing_or(money),
        "currency": nothing_or(currency),
    },
    "flow": {"leads": whole(1, 1_000)},
    "quality": {"accepted": share, "to_sql": share, "days": whole(1, 365)},
    "completeness": {"fields": some_of(FILLED_FIELDS, least=1), "share": share},
    "answer": _TIMED,
    "decision": _TIMED,
    "keeping": {
        "retained": share,
        "period": one_of(RETENTION_PERIODS),
        **_TIMED,
    },
}
"""What each kind of clause says beside whom it is narrowed to (docs/agreement.md)."""

_VOLUME = {"leads": None, "amount": None, "lead_value": None, "currency": None}
_MEASURED_BY = {"count": ("leads",), "value": ("amount", "lead_value", "currency")}
_RULES: dict[str, Read] = {
    "warning_share": share,
    "open_clocks": one_of(OPEN_CLOCKS),
}
_PAUSES: dict[str, Read] = {
    "reasons": some_of(PAUSE_REASONS),
    "most": whole(0, 20),
    "days": whole(1, 365),
}
_STEP: dict[str, Read] = {"to": one_of(STEPS), "minutes": whole(0, MOST_MINUTES)}
DEFAULT_RULES: dict[str, Any] = {
    "warning_share": "0.75",
    "pauses": {"reasons": list(PAUSE_REASONS), "most": 2, "days": 30},
    "escalation": [
        {"to": "owner", "minutes": 0},
        {"to": "head", "minutes": 60},
        {"to": "leadership", "minutes": 540},
    ],
    "open_clocks": "keep",
}


def read(source: Any) -> dict[str, Any]:  # noqa: ANN401 -- whatever JSON holds
    """Return the agreement in its normal form.

    ``calendars`` are written by the product as it is proposed and pass unread.

    Raises:
        WrongAgreementForm: it cannot be promised or measured.
    """
    faults: list[Fault] = []
    known: dict[str, Read] = {
        "clauses": _clauses,
        "pauses": lambda v, at, f: fields(v, _PAUSES, DEFAULT_RULES["pauses"], at, f),
        "escalation": _escalation,
        "calendars": lambda value, _at, _faults: value,
        **_RULES,
    }
    found = fields(source, known, {**DEFAULT_RULES, "calendars": []}, "", faults)
    if faults:
        raise WrongAgreementForm(faults)
    return found


def _clauses(value: Any, at: str, faults: list[Fault]) -> list[dict[str, Any]]:  # noqa: ANN401
    if not isinstance(value, list):
        faults.append(Fault(at, "not_a_list"))
        return []
    if not value:
        faults.append(Fault(at, "no_clauses"))
    if len(value) > MOST_CLAUSES:
        faults.append(Fault(at, "too_many_clauses", {"most": MOST_CLAUSES}))
        return []
    found = [clause(each, f"{at}/{n}", faults) for n, each in enumerate(value)]
    _find_unreachable(found, at, faults)
    return found


def clause(value: Any, at: str, faults: list[Fault]) -> dict[str, Any]:  # noqa: ANN401
    """Read one clause; what is wrong is added to ``faults``."""
    if not isinstance(value, Mapping):
        faults.append(Fault(at, "not_an_object"))
        return {}
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in PARAMETERS:
        allowed = ", ".join(PARAMETERS)
        faults.append(Fault(f"{at}/kind", "unknown_choice", {"allowed": allowed}))
        return {}
    known = {"kind": one_of(PARAMETERS), **_NARROWED, **PARAMETERS[kind], **_WORDS}
    defaults = {**_DEFAULTS, **(_VOLUME if kind == "volume" else {})}
    found = fields(value, known, defaults, at, faults)
    if kind == "volume":
        _check_volume(found, at, faults)
    return found


def _check_volume(found: dict[str, Any], at: str, faults: list[Fault]) -> None:
    """A number of leads, or what they are worth with the agreed value of one."""
    wanted = _MEASURED_BY.get(found.get("measure", ""), ())
    for name in _VOLUME:
        said = found.get(name) is not None
        if name in wanted and not said:
            faults.append(Fault(f"{at}/{name}", "value_missing"))
        elif wanted and name not in wanted and said:
            faults.append(Fault(f"{at}/{name}", "not_of_this_measure"))


def _find_unreachable(
    clauses: list[dict[str, Any]], at: str, faults: list[Fault]
) -> None:
    """A clause whose cases one of its kind before it always takes is a mistake."""
    for n, later in enumerate(clauses):
        before = [c for c in clauses[:n] if c.get("kind") == later.get("kind")]
        if later and any(_covers(one, later) for one in before):
            faults.append(Fault(f"{at}/{n}", "never_first"))


def _covers(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one) and all(
        one.get(name) in (blank, other.get(name))
        for name, blank in (("segment", ""), ("source", ""), ("priority", None))
    )


def _escalation(value: Any, at: str, faults: list[Fault]) -> list[dict[str, Any]]:  # noqa: ANN401
    if not isinstance(value, list):
        faults.append(Fault(at, "not_a_list"))
        return []
    found = [fields(e, _STEP, {}, f"{at}/{n}", faults) for n, e in enumerate(value)]
    for n in range(1, len(found)):
        _check_step(found[n - 1], found[n], f"{at}/{n}", faults)
    return found


def _check_step(
    before: dict[str, Any], step: dict[str, Any], at: str, faults: list[Fault]
) -> None:
    """Steps go upwards, each no earlier than the one before."""
    to, was = step.get("to"), before.get("to")
    if to in STEPS and was in STEPS and STEPS.index(to) <= STEPS.index(was):
        faults.append(Fault(f"{at}/to", "step_not_upwards"))
    if step.get("minutes", 0) < before.get("minutes", 0):
        faults.append(Fault(f"{at}/minutes", "step_too_early"))
