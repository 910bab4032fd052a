"""The agreement on its pages: read, written, proposed, signed and compared."""

import pytest
from django.test import Client
from django.utils.translation import override

from foundation.documents.models import Comment, Signature, Version
from sla.actions import agreements
from sla.domain.agreement_form import DEFAULT_RULES
from sla.models import Agreement
from sla.views import contract
from sla.views.drafting import NEW
from tests.factories.sla import make_calendar, make_draft, make_proposal, make_signed
from tests.leads.views.sent import sent_by

pytestmark = pytest.mark.django_db
VALUE = {
    "kind": "volume",
    "measure": "value",
    "period": "quarter",
    "amount": "150000.00",
    "lead_value": "250.00",
    "currency": "EUR",
}
ALL = [{"kind": kind, **said} for kind, said in NEW.items()]
SENTENCES = [
    (
        "Makes first contact within <b>2 business hours</b> of a lead becoming "
        "qualified."
    ),
    (
        "Accepts or refuses each qualified lead within <b>9 business hours</b>, with "
        "a reason from our list. Silence counts as accepted, and as late."
    ),
    (
        "Makes at least <b>6 attempts</b> over at least <b>2 channels</b> within "
        "<b>10 business days</b>, unless the lead is reached before."
    ),
    (
        "Takes an accepted lead further, or gives it back, within <b>90 business "
        "hours</b>."
    ),
    "Brings at least <b>300 qualified leads</b> <b>every quarter</b>.",
    (
        "Hands over no more than <b>10 qualified leads</b> for each working rep and "
        "day. What comes above waits, and its clock starts when its turn comes."
    ),
    (
        "Of the qualified leads, sales accepts at least <b>80 %</b>, and at least "
        "<b>40 %</b> become sales qualified within <b>30 days</b>."
    ),
    (
        "Hands leads over with these really filled in: <b>e-mail address, phone "
        "number</b>."
    ),
    (
        "Whoever is asked for feedback or content answers within <b>18 business "
        "hours</b>."
    ),
    "Decides an open question within <b>45 business hours</b> of being asked.",
    (
        "We keep at least <b>90 %</b> of our customers <b>every year</b>. A "
        "complaint or a sign of leaving is answered within <b>4 business hours</b>."
    ),
]


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def page(version, act=""):
    return f"/agreement/versions/{version.pk}/{act}"


def test_every_kind_is_said_in_one_sentence():
    assert [str(contract.sentence(clause)) for clause in ALL] == SENTENCES
    assert str(contract.sentence(VALUE)) == (
        "Brings qualified leads worth <b>150000.00</b> <b>EUR</b> <b>every quarter</b>,"
        " each counted at <b>250.00</b> <b>EUR</b>."
    )


@pytest.mark.parametrize("language", ["ro", "pl"])
def test_every_sentence_is_said_in_other_languages_too(language):
    with override(language):
        told = [str(contract.sentence(clause)) for clause in [*ALL, VALUE]]

    english = [*SENTENCES, str(contract.sentence(VALUE))]
    assert not set(told) & set(english)
    for one, other in zip(told, english, strict=True):
        assert one.count("<b>") == other.count("<b>")


def test_a_clause_that_is_typed_says_no_markup():
    clause = {**VALUE, "currency": "<i>"}

    for show in (None, contract.Inputs(clause, "c0")):
        assert "<i>" not in contract.sentence(clause, show)


def test_the_next_version_begins_with_what_is_in_force(hanna):
    client = signed_in(hanna)

    answer = client.post("/agreement/versions/new/")
    again = client.post("/agreement/versions/new/")

    row = Version.objects.get()
    assert (answer.url, again.url) == (page(row, "edit/"), page(row, "edit/"))
    kinds = [clause["kind"] for clause in row.content["clauses"]]
    assert (row.number, kinds) == (2, ["first_response", "acceptance"])
    signed = make_signed(ALL[4])
    client.post("/agreement/versions/new/")
    newest = Version.objects.latest("number")
    assert newest.content["clauses"] == signed.content["clauses"]
    assert newest.number == signed.number + 1


@pytest.fixture
def draft(hanna):
    return make_draft(*ALL, by=hanna)


def edit(client, draft, act="", **changes):
    """Open the editor, change some values and send what a browser would."""
    sent = sent_by(client.get(page(draft, "edit/")).text)
    sent.update({name: [value] for name, value in changes.items()})
    sent.pop("act", None)
    if act:
        sent["act"] = [act]
    answer = client.post(page(draft, "edit/"), sent)
    draft.refresh_from_db()
    return answer


def kept(draft):
    return [clause["kind"] for clause in draft.content["clauses"]]


def test_what_is_shown_is_what_is_kept(hanna, draft):
    client, before = signed_in(hanna), draft.content
    parts = "answer keeping first_response acceptance follow_up disposition volume flow"

    answer = edit(client, draft)

    assert answer.context_data["unfinished"] == 0
    assert kept(draft) == [*parts.split(), "quality", "completeness", "decision"]
    assert {n: draft.content[n] for n in DEFAULT_RULES} == DEFAULT_RULES
    by_kind = {clause["kind"]: clause for clause in before["clauses"]}
    assert {clause["kind"]: clause for clause in draft.content["clauses"]} == by_kind
    revision = draft.revision
    edit(client, draft)
    assert draft.revision == revision


def test_values_are_changed_in_place(hanna, draft):
    client = signed_in(hanna)
    edit(client, draft)

    edit(
        client,
        draft,
        **{
            "c2.minutes": "90",
            "c2.unit": "minutes",
            "c2.share": "92,5",
            "c2.source": "webinar",
            "c6.period": "month",
            "warning_share": "50",
            "open_clocks": "recompute",
            "title": "Between us",
        },
    )

    response, volume = draft.content["clauses"][2], draft.content["clauses"][6]
    assert (response["minutes"], response["share"]) == (90, "0.925")
    assert (response["source"], volume["period"]) == ("webinar", "month")
    assert (draft.content["warning_share"], draft.title) == ("0.5", "Between us")
    assert draft.content["open_clocks"] == "recompute"


def test_promises_are_added_moved_and_removed(hanna):
    client, draft = signed_in(hanna), make_draft(*ALL[:3], by=hanna)

    answer = edit(client, draft, "add answer")
    assert kept(draft) == ["answer", "first_response", "acceptance", "follow_up"]
    clauses = [c for part in answer.context_data["parts"] for c in part["clauses"]]
    assert [clause["focus"] for clause in clauses] == [True, False, False, False]
    edit(client, draft, "down 1")
    assert kept(draft) == ["answer", "acceptance", "first_response", "follow_up"]
    edit(client, draft, "up 1")  # the first of its part
    assert kept(draft) == ["answer", "acceptance", "first_response", "follow_up"]
    edit(client, draft, "above 3 1")
    assert kept(draft) == ["answer", "follow_up", "acceptance", "first_response"]
    edit(client, draft, "remove 0")
    assert kept(draft) == ["follow_up", "acceptance", "first_response"]
    for nonsense in ("up 99", "remove x", "add praise", "below 1 x", "above"):
        edit(client, draft, nonsense)
    assert kept(draft) == ["follow_up", "acceptance", "first_response"]


def test_volume_is_measured_by_number_or_by_value(hanna):
    client, draft = signed_in(hanna), make_draft(ALL[4], by=hanna)

    edit(client, draft, "measure 0")
    [clause] = draft.content["clauses"]
    assert (clause["measure"], clause["leads"], clause["currency"]) == (
        "value",
        None,
        "EUR",
    )
    edit(client, draft, **{"c0.amount": "1 000"})
    assert draft.content["clauses"][0]["amount"] == "1000.00"
    edit(client, draft, "measure 0")
    assert draft.content["clauses"][0]["measure"] == "count"


def test_what_cannot_be_promised_is_shown_at_its_place_and_not_saved(hanna, draft):
    client = signed_in(hanna)
    edit(client, draft)
    revision = draft.revision

    answer = edit(client, draft, **{"c2.minutes": "soon", "c3.share": "101"})

    told = {
        c["n"]: c["faults"] for p in answer.context_data["parts"] for c in p["clauses"]
    }
    assert told[2] == ["Business time: Write a whole number."]
    assert told[3] == ["Agreed share in percent: Write a share above 0 and up to 1."]
    assert 'value="soon"' in answer.text
    assert (answer.context_data["unfinished"], draft.revision) == (2, revision)


def test_somebody_elses_change_is_not_written_over(hanna, marta, draft):
    client = signed_in(hanna)
    other = agreements.Draft("Theirs", form=agreements.written(draft).form)
    agreements.revise(
        draft, other, revision=draft.revision, by=marta, at=draft.drafted_at
    )

    answer = edit(client, draft, title="Ours", revision="1")

    assert answer.status_code == 412
    assert "Somebody else changed this draft meanwhile" in answer.text
    assert draft.title == "Theirs"
    edit(client, draft, title="Ours", over=str(draft.revision))
    assert draft.title == "Ours"


def test_it_is_proposed_commented_on_signed_and_in_force(hanna, marta, sally):
    make_calendar()
    draft, head = make_draft(*ALL, by=marta), signed_in(marta)
    head.post(page(draft, "propose/"), {"sign_by": "", "revision": draft.revision})
    draft.refresh_from_db()
    assert draft.state == "proposed"
    said = {"text": "Six attempts are many.", "place": "/clauses/2"}
    signed_in(sally).post(page(draft, "comments/"), said)
    assert Comment.objects.get().place == "/clauses/2"
    assert signed_in(sally).get(page(draft, "sign/")).status_code == 403

    for person in (marta, hanna):
        client = signed_in(person)
        text = client.get(page(draft, "sign/")).text
        assert draft.digest in text
        client.post(page(draft, "sign/"), {"digest": draft.digest})

    told = signed_in(sally).get(page(draft)).text
    assert "Six attempts are many." in told
    assert Signature.objects.count() == 2
    assert Agreement.objects.get(document=draft).clauses.count() == 11
    now = signed_in(sally).get("/agreement/").text
    for sentence in SENTENCES:
        assert sentence in now


def test_a_rejection_says_why(hanna, sally):
    row = make_proposal()

    assert signed_in(hanna).post(page(row, "reject/"), {}).status_code == 422
    assert (
        signed_in(sally).post(page(row, "reject/"), {"reason": "No"}).status_code == 403
    )
    signed_in(hanna).post(page(row, "reject/"), {"reason": "Too fast."})

    row.refresh_from_db()
    assert (row.state, row.reason) == ("rejected", "Too fast.")
    assert "Too fast." in signed_in(sally).get(page(row)).text


def test_two_versions_are_compared_side_by_side(sally):
    one = make_signed(ALL[0], prose="Between us.")
    new = {**ALL[0], "minutes": 60}
    other = make_draft(new, ALL[5], prose="Between us.", title="Renewed")

    answer = signed_in(sally).get(page(other, f"compare/{one.pk}/"))

    changed = {
        str(part.title): [(line.kind, line.after) for line in part.lines]
        for part in answer.context_data["parts"]
        if not part.is_same
    }
    assert list(changed) == ["Name", "Sales", "Marketing", "Hours", "Days"]
    [(kind, sentence)] = changed["Sales"]
    assert (kind, "within 1 business hour of" in sentence) == ("changed", True)
    assert changed["Marketing"][0][0] == "added"
    back = signed_in(sally).get(page(one, f"compare/{other.pk}/"))
    assert back.url == page(other, f"compare/{one.pk}/")


def test_the_list_asks_as_often_for_many_versions(client, sally, count_queries):
    client.force_login(sally)
    make_signed()
    few = count_queries(client.get, "/agreement/versions/")
    for _ in range(3):
        make_signed()
        make_proposal()

    assert count_queries(client.get, "/agreement/versions/") == few


def test_who_may_not_write_is_offered_nothing(sally, draft):
    text = signed_in(sally).get(page(draft)).text

    assert "Propose for signature" not in text
    assert signed_in(sally).get(page(draft, "edit/")).status_code == 403
