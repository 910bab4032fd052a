"""The facts under an item, put into the reader's words and numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from foundation.documents.models import Version
from foundation.documents.queries import kinds
from foundation.kernel.periods import Period, parse
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY
from kpis.enums import Section, Unit
from kpis.views import addresses
from kpis.views import figures as written
from leads.enums import Stage
from meetings.domain.agenda import POSITION
from meetings.domain.lines import Line
from meetings.enums import ItemKind
from meetings.models import Action, AgendaItem
from sla.domain.tally import Tally
from sla.enums import Mark
from sla.models import Clause
from sla.views import promises

type Shown = dict[str, Any]
"""What a template shows; ``template`` says which."""


@dataclass(frozen=True)
class Rows:
    """The rows that facts name, as they are now; ``people`` only where needed."""

    actions: Mapping[int, Action] = field(default_factory=dict)
    people: Mapping[int, User] = field(default_factory=dict)
    clauses: Mapping[int, Clause] = field(default_factory=dict)
    documents: Mapping[int, Version] = field(default_factory=dict)


def of_item(item: AgendaItem, rows: Rows) -> Shown:
    """Return what the template of an item's facts shows."""
    name, show = _SHOWN.get(ItemKind(item.kind), ("none", _nothing))
    return {"template": f"meetings/facts/{name}.html", **show(item.facts, rows)}


def _nothing(facts: Mapping[str, Any], rows: Rows) -> Shown:
    return {}


def _numbers(facts: Mapping[str, Any], rows: Rows) -> Shown:
    return {
        "lines": [line(one, facts) for one in facts.get("lines", [])],
        "position": facts.get(POSITION),
    }


def line(one: Line, facts: Mapping[str, Any]) -> Shown:
    """Return one number with its name, target, picture and what it was before.

    It opens the records behind it as they were: ``facts`` name the ledger position
    that it was read at, and the currency.
    """
    kpi = REGISTRY.get(one["kpi"])
    fine = kpi is not None and kpi.section == Section.RESULT

    def say(number: str | None) -> str:
        exact = None if number is None else Decimal(number)
        currency = facts.get("currency", "")
        return written.written(exact, one["unit"], currency=currency, fine=fine)

    before = say(one["before"])
    return {
        "label": kpi.name if kpi else one["kpi"],
        "v": {
            "text": say(one["value"]),
            "url": _records(one, facts.get(POSITION)),
            "target": say(one.get("target")),
            "n": None if one["unit"] == Unit.COUNT else written.grouped(one["n"]),
            "low": say(one.get("low")),
            "high": say(one.get("high")),
            "small": one.get("small_sample") and one["unit"] != Unit.COUNT,
            "mature": one.get("mature"),
        },
        "was": before,
        "was_when": written.period_name(parse(one["before_period"])),
        "when": written.period_name(parse(one["period"])),
        **_meter(one["value"], one.get("target")),
    }


def _meter(value: str | None, target: str | None) -> Shown:
    """Return how far the bar goes and where the target stands on it."""
    if value is None or target is None or Decimal(target) <= 0:
        return {}
    reached, wanted = max(Decimal(value), Decimal()), Decimal(target)
    whole = max(reached, wanted) / 100
    return {"percent": round(reached / whole, 1), "target": round(wanted / whole, 1)}


def _records(one: Line, position: int | None) -> str:
    period = parse(one["period"])
    question = Question(
        one["kpi"],
        period,
        kind=one.get("kind"),
        within=one.get("within"),
        as_of=position,
    )
    return addresses.records(question, period)


def _bottleneck(facts: Mapping[str, Any], rows: Rows) -> Shown:
    step = facts["step"]
    names = {
        "before": Stage(step["stage"]).label,
        "after": Stage(step["to_stage"]).label,
    }
    cohort = parse(facts["cohort"])
    key = f"{step['stage']}_to_{step['to_stage']}"
    return {
        "money": _worth(step, facts["currency"]),
        "headline": _("Most is lost between %(before)s and %(after)s.") % names,
        "text": _rates(step),
        "note": _assumed(facts, step, cohort),
        "url": addresses.detail(Question(key, cohort, within=facts["within"])),
        "action": _("Look closer"),
        "position": facts[POSITION],
    }


def _worth(step: Mapping[str, Any], currency: str) -> str:
    if step["impact"] is not None:
        return written.money(Decimal(step["impact"]), currency)
    return _("%(n)s customers") % {"n": written.grouped(Decimal(step["customers"]), 1)}


def _rates(step: Mapping[str, Any]) -> str:
    rates = {
        "rate": written.percent(Decimal(step["rate"])),
        "target": written.percent(Decimal(step["target"])),
    }
    if step["target_agreed"]:
        return _("%(rate)s came further; agreed are %(target)s.") % rates
    return _("%(rate)s came further; usual are %(target)s.") % rates


def _assumed(facts: Mapping[str, Any], step: Mapping[str, Any], cohort: Period) -> str:
    """Say between what the figure lies, on which assumption, and from how many."""
    parts = []
    if step["low"] is not None and step["high"] is not None:
        ends = sorted(Decimal(step[name]) for name in ("low", "high"))
        low, high = (written.money(end, facts["currency"]) for end in ends)
        parts.append(_("between %(low)s and %(high)s") % {"low": low, "high": high})
    if step["assumption"] == "half_of_accepted":
        parts.append(_("taking refused leads to convert half as well as accepted ones"))
    elif step["assumption"] == "second_chance":
        words = _(
            "taking refused leads to convert as the second-chance sample: "
            "%(k)s of %(n)s"
        )
        sample = facts["second_chance"]
        k, n = (written.grouped(sample[name]) for name in ("customers", "leads"))
        parts.append(words % {"k": k, "n": n})
    when = {"period": written.period_name(cohort), "days": facts["within"]}
    words = ngettext(
        "leads of %(period)s, followed for %(days)s day",
        "leads of %(period)s, followed for %(days)s days",
        facts["within"],
    )
    parts.append(words % when)
    parts.append(f"n = {written.grouped(step['n'])}")
    return " · ".join(parts)


def _promises(facts: Mapping[str, Any], rows: Rows) -> Shown:
    period, total, pacts = parse(facts["period"]), Tally(), []
    for kept in facts["sales"]:
        tally = Tally(**{k: v for k, v in kept.items() if k != "clause"})
        total += tally
        pacts.append(promises.pact(rows.clauses[kept["clause"]], tally, period))
    marketing = facts["marketing"]
    return {
        "when": written.period_name(period),
        "sales": {"rows": pacts, "shares": promises.shares(total, period=period.label)},
        "marketing": {
            "rows": [line(marketing, facts)],
            "shares": [
                {"text": f"{n} {_APART[name]}", "loud": name == Mark.ALTHOUGH_MET}
                for name, n in marketing["apart"].items()
                if n and name in _APART
            ],
        },
        "position": facts[POSITION],
    }


def _actions(facts: Mapping[str, Any], rows: Rows) -> Shown:
    listed = [one for one in facts["actions"] if one["id"] in rows.actions]
    if not rows.people:
        return {"actions": [rows.actions[one["id"]] for one in listed]}
    then = [
        {
            "now": rows.actions[one["id"]],
            "owner": rows.people[one["owner"]],
            "due_on": date.fromisoformat(one["due_on"]),
        }
        for one in listed
    ]
    return {"then": then}


def _documents(facts: Mapping[str, Any], rows: Rows) -> Shown:
    """Return each document by its name now; what it waited for is as it was written."""
    return {
        "documents": [
            {
                "version": rows.documents[one["id"]],
                "url": kinds.address_of(rows.documents[one["id"]]),
                "waits_for": [
                    Function(each).label for each in one.get("waits_for", [])
                ],
                "review_on": date.fromisoformat(one["review_on"])
                if "review_on" in one
                else None,
            }
            for one in facts["documents"]
            if one["id"] in rows.documents
        ]
    }


_APART = {
    **{str(mark): mark.label for mark in Mark},
    "undecided": gettext_lazy("not decided yet"),
}

_SHOWN: dict[ItemKind, tuple[str, Callable[[Mapping[str, Any], Rows], Shown]]] = {
    ItemKind.RESULT: ("numbers", _numbers),
    ItemKind.MOVED: ("moved", _numbers),
    ItemKind.BOTTLENECK: ("bottleneck", _bottleneck),
    ItemKind.PROMISES: ("promises", _promises),
    ItemKind.HELPED: ("moved", _numbers),
    ItemKind.DOCUMENTS: ("documents", _documents),
    ItemKind.ACTIONS: ("actions", _actions),
}
