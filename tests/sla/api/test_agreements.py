"""The agreement over the API: drafted, revised, proposed, signed, rejected, read."""

import pytest

from foundation.accounts.enums import Role
from foundation.documents.models import Signature, Version
from foundation.kernel import clock
from sla.domain.agreement_form import DEFAULT_RULES
from sla.models import Agreement
from tests.factories.accounts import make_user
from tests.factories.sla import FORM, make_calendar, make_draft, make_signed

pytestmark = pytest.mark.django_db
WIDE = {"segment": "", "source": "", "priority": None, "text": ""}
CLAUSES = [{**WIDE, **clause} for clause in FORM["clauses"]]
BODY = {"title": "Between us", "clauses": FORM["clauses"]}


@pytest.fixture
def api(client, monkeypatch, at, hanna, marta):
    """Call the API as head of marketing, or as somebody else, on a Monday in March."""
    monkeypatch.setattr(clock, "now", lambda: at)

    def call(method, path, body=None, headers=None, by=marta):
        client.force_login(by)
        return getattr(client, method)(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    return call


def errors(answer):
    return [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


def test_a_draft_is_made_with_the_usual_rules_and_read(api):
    made = api("post", "agreements/", BODY)

    assert (made.status_code, made["ETag"]) == (201, '"1"')
    told = made.json()
    rules = {**DEFAULT_RULES, "warning_share": "0.750"}
    wanted = {"title": "Between us", "clauses": CLAUSES, "number": 2, **rules}
    assert {name: told[name] for name in wanted} == wanted
    assert (told["state"], told["standing"], told["calendars"]) == (
        "draft",
        "draft",
        [],
    )
    assert api("get", f"agreements/{told['id']}/").json() == told
    assert api("get", "agreements/?state=draft").json()["results"] == [told]
    assert api("get", "agreements/?state=signed").json()["results"] == []


def test_every_fault_is_named_with_its_place(api):
    wrong = [
        {"kind": "praise"},
        {"kind": "answer", "minutes": 0, "share": 0.9, "colour": 1},
        {"kind": "volume", "measure": "count", "period": "decade"},
    ]

    answer = api(
        "post", "agreements/", {**BODY, "clauses": wrong, "warning_share": "7"}
    )

    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":wrong_agreement")
    assert sorted(errors(answer)) == [
        ("/clauses/0/kind", "unknown_choice"),
        ("/clauses/1/colour", "unknown_name"),
        ("/clauses/1/minutes", "out_of_range"),
        ("/clauses/1/share", "not_a_share"),
        ("/clauses/2/leads", "value_missing"),
        ("/clauses/2/period", "unknown_choice"),
        ("/warning_share", "share_out_of_range"),
    ]
    assert Version.objects.count() == 0


def test_a_draft_changes_only_as_it_was_read(api):
    made = api("post", "agreements/", BODY)
    place, tag = f"agreements/{made.json()['id']}/", {"If-Match": made["ETag"]}

    told = [
        api("patch", place, {"prose": "New"}),
        api("patch", place, {"prose": "New"}, headers=tag),
        api("patch", place, {"prose": "Newer"}, headers=tag),
    ]

    assert [answer.status_code for answer in told] == [428, 200, 412]
    assert (told[1]["ETag"], told[1].json()["clauses"]) == ('"2"', CLAUSES)
    assert api("get", place).json()["prose"] == "New"


def test_it_is_proposed_signed_and_then_in_force(api, hanna, at):
    make_calendar()
    place = f"agreements/{api('post', 'agreements/', BODY).json()['id']}/"
    told = api("post", place + "proposal/", {}).json()
    assert (told["state"], len(told["calendars"])) == ("proposed", 1)
    digest = {"digest": told["digest"]}

    other = api("post", place + "signature/", {"digest": "0" * 64})
    first = api("post", place + "signature/", digest)
    again = api("post", place + "signature/", digest)
    last = api("post", place + "signature/", digest, by=hanna)

    answers = (other, first, again, last)
    assert [answer.status_code for answer in answers] == [409, 200, 403, 200]
    assert (last.json()["state"], last.json()["standing"]) == ("signed", "active")
    functions = [each["function"] for each in last.json()["signatures"]]
    assert functions == ["marketing", "sales"]
    row = Agreement.objects.get(document_id=told["id"])
    clauses = api("get", "clauses/").json()["results"]
    assert {clause["agreement"] for clause in clauses} == {row.version}
    assert [(c["kind"], c["side"], c["target_seconds"]) for c in clauses] == [
        ("first_response", "sales", 3_600),
        ("acceptance", "sales", 14_400),
    ]
    assert len(api("get", "clauses/?kind=acceptance").json()["results"]) == 1
    assert api("get", "clauses/?side=marketing").json()["results"] == []


def test_who_signs_for_nothing_is_refused(api, sally, lena):
    row = make_draft(at=clock.now())
    place = f"agreements/{row.pk}/"
    told = api("post", place + "proposal/", {}).json()
    signature = {"digest": told["digest"]}

    for person in (sally, lena, make_user(Role.REVENUE_OPERATIONS)):
        assert (
            api("post", place + "signature/", signature, by=person).status_code == 403
        )
        no = api("post", place + "rejection/", {"reason": "No."}, by=person)
        assert no.status_code == 403
    assert api("post", "agreements/", BODY, by=sally).status_code == 403
    assert Signature.objects.count() == 0


def test_a_proposal_is_rejected_with_a_reason_or_withdrawn(api):
    places = []
    for _ in range(2):
        row = make_draft(at=clock.now())
        places.append(f"agreements/{row.pk}/")
        api("post", places[-1] + "proposal/", {})

    assert api("post", places[0] + "rejection/", {}).status_code == 400
    no = api("post", places[0] + "rejection/", {"reason": "Too fast."})
    back = api("post", places[1] + "withdrawal/", {})

    assert (no.json()["state"], no.json()["reason"]) == ("rejected", "Too fast.")
    assert back.json()["state"] == "withdrawn"
    assert api("post", places[1] + "withdrawal/", {}).status_code == 409


def test_lists_ask_as_often_for_many(api, count_queries):
    def show(path):
        return count_queries(api, "get", path)

    make_signed(at=clock.now())
    show("agreements/")
    few = show("agreements/"), show("clauses/")
    for _ in range(3):
        make_signed(at=clock.now())

    assert (show("agreements/"), show("clauses/")) == few
