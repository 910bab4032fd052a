"""What can be promised: eleven kinds, read to one form or refused with places."""

from typing import Any

import pytest

from sla.domain.agreement_form import DEFAULT_RULES, PARAMETERS, read
from sla.domain.written import WrongAgreementForm
from sla.enums import BINDS, ClauseKind, PauseReason
from sla.validators import WrongAgreementText, form_of

TIMED: dict[str, Any] = {"minutes": 120, "share": "0.9"}
COUNT = {"measure": "count", "period": "quarter", "leads": 600}
VALUE = {
    "measure": "value",
    "period": "quarter",
    "amount": "150000.00",
    "lead_value": "250.00",
    "currency": "EUR",
}
CLAUSES: dict[str, dict[str, Any]] = {
    "acceptance": TIMED,
    "first_response": TIMED,
    "follow_up": {"attempts": 6, "channels": 2, "days": 10, "share": "0.8"},
    "disposition": TIMED,
    "volume": COUNT,
    "flow": {"leads": 12},
    "quality": {"accepted": "0.8", "to_sql": "0.3", "days": 30},
    "completeness": {"fields": ["lead.email", "lead.phone"], "share": "0.95"},
    "answer": TIMED,
    "decision": TIMED,
    "keeping": {"retained": "0.9", "period": "year", **TIMED},
}
WIDE = {"segment": "", "source": "", "priority": None, "text": ""}


def clause(kind, **changes):
    return {"kind": kind, **CLAUSES[kind], **changes}


def faults(*clauses, **rules):
    with pytest.raises(WrongAgreementForm) as wrong:
        read({"clauses": list(clauses), **rules})
    return [(fault.pointer, fault.code) for fault in wrong.value.faults]


def test_every_kind_of_the_domain_can_be_written():
    assert set(PARAMETERS) == set(ClauseKind.values) == set(BINDS)
    assert set(DEFAULT_RULES["pauses"]["reasons"]) == set(PauseReason.values)

    told = read({"clauses": [clause(kind) for kind in CLAUSES]})

    nothing = {"amount": None, "lead_value": None, "currency": None}
    assert told == {
        "clauses": [
            {**WIDE, **clause(kind), **(nothing if kind == "volume" else {})}
            for kind in CLAUSES
        ],
        **DEFAULT_RULES,
        "calendars": [],
    }
    assert read(told) == told


def test_numbers_and_lists_have_one_form():
    said = read(
        {
            "clauses": [
                clause("first_response", share="0.900", source=" web "),
                clause("completeness", fields=["lead.phone", "lead.email"]),
                clause("volume", **{**VALUE, "amount": "150000", "leads": None}),
            ]
        }
    )["clauses"]

    assert (said[0]["share"], said[0]["source"]) == ("0.9", "web")
    assert said[1]["fields"] == ["lead.email", "lead.phone"]
    assert (said[2]["amount"], said[2]["leads"]) == ("150000.00", None)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"kind": "praise"}, [("/kind", "unknown_choice")]),
        (7, [("", "not_an_object")]),
        (clause("answer", minutes=0), [("/minutes", "out_of_range")]),
        (clause("answer", minutes="2 hours"), [("/minutes", "not_a_number")]),
        (clause("answer", minutes=True), [("/minutes", "not_a_number")]),
        (clause("answer", share="0"), [("/share", "share_out_of_range")]),
        (clause("answer", share="0.9001"), [("/share", "share_out_of_range")]),
        (clause("answer", share=0.9), [("/share", "not_a_share")]),
        (clause("answer", share="NaN"), [("/share", "not_a_share")]),
        (clause("answer", colour="red"), [("/colour", "unknown_name")]),
        (clause("answer", priority="high"), [("/priority", "not_a_number")]),
        (clause("answer", segment="x" * 81), [("/segment", "too_long")]),
        (clause("answer", text="a\0b"), [("/text", "control_character")]),
        ({"kind": "answer", "share": "1"}, [("/minutes", "value_missing")]),
        (clause("completeness", fields=[]), [("/fields", "no_values")]),
        (clause("completeness", fields="all"), [("/fields", "not_a_list")]),
        (
            clause("completeness", fields=["lead.email", "lead.shoe_size"]),
            [("/fields/1", "unknown_choice")],
        ),
        (clause("volume", leads=None), [("/leads", "value_missing")]),
        (clause("volume", currency="EUR"), [("/currency", "not_of_this_measure")]),
        (
            clause("volume", measure="value", leads=None),
            [(f"/{n}", "value_missing") for n in ("amount", "lead_value", "currency")],
        ),
        (
            {"kind": "volume", **VALUE, "amount": "0.001"},
            [("/amount", "amount_out_of_range")],
        ),
        (
            {"kind": "volume", **VALUE, "currency": "eur"},
            [("/currency", "not_a_currency")],
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_at_its_place(wrong, found):
    told = faults(clause("flow"), wrong)
    assert sorted(told) == sorted((f"/clauses/1{at}", code) for at, code in found)


def test_a_clause_that_never_comes_first_is_a_mistake():
    narrow = clause("answer", source="web")

    read({"clauses": [narrow, clause("answer")]})
    assert faults(clause("answer"), narrow) == [("/clauses/1", "never_first")]
    assert faults(narrow, clause("flow"), {**narrow, "priority": 1}) == [
        ("/clauses/2", "never_first")
    ]
    read({"clauses": [{**narrow, "priority": 1}, narrow, clause("answer")]})


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"clauses": []}, [("/clauses", "no_clauses")]),
        ({"clauses": {}}, [("/clauses", "not_a_list")]),
        ({"clauses": [clause("flow")] * 61}, [("/clauses", "too_many_clauses")]),
        ({"warning_share": "2"}, [("/warning_share", "share_out_of_range")]),
        ({"open_clocks": "all"}, [("/open_clocks", "unknown_choice")]),
        (
            {"pauses": {"reasons": ["holiday"]}},
            [("/pauses/reasons/0", "unknown_choice")],
        ),
        ({"pauses": {"days": 0}}, [("/pauses/days", "out_of_range")]),
        (
            {
                "escalation": [
                    {"to": "head", "minutes": 60},
                    {"to": "owner", "minutes": 30},
                ]
            },
            [
                ("/escalation/1/minutes", "step_too_early"),
                ("/escalation/1/to", "step_not_upwards"),
            ],
        ),
        (
            {"escalation": [{"to": "head"}]},
            [("/escalation/0/minutes", "value_missing")],
        ),
        ({"colour": 1}, [("/colour", "unknown_name")]),
    ],
)
def test_the_rules_are_checked_too(rules, found):
    with pytest.raises(WrongAgreementForm) as wrong:
        read({"clauses": [clause("flow")], **rules})
    told = sorted((fault.pointer, fault.code) for fault in wrong.value.faults)
    assert told == found


def test_every_fault_is_said_in_words():
    with pytest.raises(WrongAgreementText) as refusal:
        form_of(
            {"clauses": [clause("answer"), clause("answer", share="x")]}, below="/f"
        )

    assert [(at, code) for at, code, _ in refusal.value.faults] == [
        ("/f/clauses/1/share", "not_a_share"),
        ("/f/clauses/1", "never_first"),
    ]
    assert [words for *_, words in refusal.value.faults] == [
        "Write a share as a decimal text, such as 0.9.",
        "A clause above it takes all its cases. Move it up, or narrow the other one.",
    ]
