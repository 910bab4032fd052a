"""Definitions over the API: drafted, revised, proposed; read; and a lead explained."""

from datetime import timedelta

import pytest

from foundation.documents.models import Version
from foundation.kernel import clock
from leads.actions import touchpoints
from leads.actions.touchpoints import Touch
from leads.domain.criteria.fields import FIELDS
from tests.factories.definitions import (
    DEMO,
    LARGE,
    RULES,
    SIGNED_AT,
    define,
    heads,
    propose,
)
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BODY = {"stage": "mql", "title": "MQL", "criteria": RULES, "second_chance": "0.050"}


@pytest.fixture
def api(client, monkeypatch, at):
    """Call the API as head of marketing, on a Monday in March."""
    monkeypatch.setattr(clock, "now", lambda: at)
    client.force_login(heads()[1])

    def call(method, path, body=None, headers=None):
        return getattr(client, method)(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    return call


def errors(answer):
    return [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


def test_a_draft_is_made_and_read(api):
    made = api("post", "definitions/", BODY)

    assert made.status_code == 201
    told = made.json()
    assert made["ETag"] == '"1"'
    assert {name: told[name] for name in (*BODY, "number", "state", "standing")} == {
        **BODY,
        "number": 1,
        "state": "draft",
        "standing": "draft",
    }
    assert api("get", f"definitions/{told['id']}/").json() == told
    assert api("get", "definitions/?stage=mql").json()["results"] == [told]
    assert api("get", "definitions/?stage=sql").json()["results"] == []


def test_every_fault_is_named_with_its_place(api):
    wrong = {
        "rules": {
            "all": [
                {"field": "lead.shoe_size", "op": "is", "value": 1},
                {"any": []},
                {"field": "company.employees", "op": "at_least", "value": "many"},
                {**DEMO, "value": 0},
            ]
        },
        "colour": 1,
    }

    answer = api("post", "definitions/", {**BODY, "criteria": wrong})

    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":wrong_criteria")
    assert errors(answer) == [
        ("/criteria/colour", "unknown_name"),
        ("/criteria/rules/all/0/field", "unknown_field"),
        ("/criteria/rules/all/1/any", "empty_group"),
        ("/criteria/rules/all/2/value", "not_a_number"),
        ("/criteria/rules/all/3/value", "out_of_range"),
    ]
    assert Version.objects.count() == 0


def nested(depth):
    node = LARGE
    for _ in range(depth - 1):
        node = {"not": node}
    return {"rules": node}


def test_trees_are_eight_deep_and_two_hundred_long_at_most(api):
    long = {"rules": {"any": [LARGE] * 201}}
    told = [
        api("post", "definitions/", {**BODY, "criteria": criteria})
        for criteria in (nested(8), nested(9), {"rules": {"any": [LARGE] * 200}}, long)
    ]

    assert [answer.status_code for answer in told] == [201, 422, 201, 422]
    assert errors(told[1]) == [("/criteria/rules" + "/not" * 8, "too_deep")]
    assert errors(told[3]) == [("/criteria", "too_many_conditions")]


def test_a_draft_changes_only_as_it_was_read(api):
    made = api("post", "definitions/", BODY)
    place = f"definitions/{made.json()['id']}/"

    blind = api("patch", place, {"title": "New"})
    first = api("patch", place, {"title": "New"}, headers={"If-Match": made["ETag"]})
    second = api("patch", place, {"title": "Newer"}, headers={"If-Match": made["ETag"]})

    assert [a.status_code for a in (blind, first, second)] == [428, 200, 412]
    assert (first["ETag"], first.json()["criteria"]) == ('"2"', RULES)
    assert api("get", place).json()["title"] == "New"


def test_a_proposal_waits_for_both_and_does_not_change(api):
    made = api("post", "definitions/", BODY)
    place = f"definitions/{made.json()['id']}/"

    told = api("post", place + "proposal/", {})

    assert told.status_code == 200
    assert (told.json()["state"], len(told.json()["digest"])) == ("proposed", 64)
    again = api("patch", place, {"title": "X"}, headers={"If-Match": told["ETag"]})
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (
        409,
        "document_state",
    )


def test_standing_and_signatures_are_told(api):
    first = define()
    second = define(at=SIGNED_AT + DAY)
    third = propose(at=SIGNED_AT + DAY)

    told = api("get", "definitions/").json()["results"]

    assert [(row["number"], row["standing"]) for row in told] == [
        (third.number, "proposed"),
        (second.number, "active"),
        (first.number, "superseded"),
    ]
    assert [s["function"] for s in told[1]["signatures"]] == ["marketing", "sales"]
    assert {s["digest"] for s in told[1]["signatures"]} == {second.digest}


def test_lists_cost_the_same_for_one_and_three(api, count_queries):
    define()
    one = count_queries(api, "get", "definitions/")
    for _ in range(2):
        propose()

    assert count_queries(api, "get", "definitions/") == one


def test_the_schema_of_criteria_names_every_field(api):
    told = api("get", "definitions/criteria-schema/").json()

    named = {
        name
        for each in told["$defs"]["field_condition"]["oneOf"]
        for name in each["properties"]["field"]["enum"]
    }
    assert named == set(FIELDS)


def test_a_lead_is_explained(api, at):
    scored = {
        **RULES,
        "scoring": {
            "engagement": {
                "threshold": 5,
                "half_life_days": 7,
                "groups": [
                    {
                        "name": "Asked",
                        "cap": 20,
                        "points": [
                            {"touches": {"type": ["demo_request"]}, "points": 10}
                        ],
                    }
                ],
            }
        },
    }
    held = define(scored)
    lead = make_lead(company=make_company(employees=10), created_at=at - 10 * DAY)
    touch = Touch(
        lead.pk, at - 7 * DAY, {"type": "demo_request", "direction": "inbound"}
    )
    touchpoints.log(touch, by=None, at=at - 7 * DAY)

    told = api("get", f"leads/{lead.pk}/explanation/").json()

    assert (told["definition"], told["met"], told["entered_at"]) == (
        held.pk,
        False,
        None,
    )
    assert told["rules"] == {
        "pointer": "/rules",
        "kind": "all",
        "optional": False,
        "met": False,
        "value": None,
        "nodes": [
            {
                "pointer": "/rules/all/0",
                "kind": "field",
                "optional": False,
                "met": False,
                "value": 10,
            },
            {
                "pointer": "/rules/all/1",
                "kind": "touches",
                "optional": False,
                "met": True,
                "value": 1,
            },
        ],
    }
    assert (told["engagement"]["points"], told["engagement"]["met"]) == ("5", True)
    assert [(r["at"], r["engagement"]) for r in told["course"]] == [
        ("2026-02-23T10:00:00Z", "10"),
        ("2026-03-02T10:00:00Z", "5"),
    ]


def test_without_definition_there_is_nothing_to_explain(api):
    lead = make_lead()
    assert api("get", f"leads/{lead.pk}/explanation/").status_code == 404
