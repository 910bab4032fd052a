"""Definitions on their pages: read, built, proposed, signed; and who may not."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from foundation.accounts.enums import Function, Role
from foundation.documents.actions import versions
from foundation.documents.models import Comment, Signature, Version
from leads.actions import definitions
from leads.actions.definitions import Draft
from leads.domain.criteria.reading import parse
from leads.models import DryRun
from leads.queries.words.reading import reading
from leads.validators import WrongDefinition
from tests.factories.accounts import make_user
from tests.factories.definitions import (
    AT,
    CRITERIA,
    make_definition,
    make_proposal,
    make_signed,
)
from tests.factories.leads import make_company, make_lead
from tests.leads.views.sent import sent_by

pytestmark = pytest.mark.django_db
EMPLOYEES = {"field": "company.employees", "op": "at_least", "value": 50}


@pytest.fixture
def irina(db):
    return make_user(Role.HEAD_OF_SALES, name="Irina Marin")


@pytest.fixture
def magda(db):
    return make_user(Role.HEAD_OF_MARKETING, name="Magda Nowak")


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def page(version, act=""):
    return f"/definitions/{version.pk}/{act}"


# Reading


def test_the_list_says_what_to_do_while_there_is_nothing(client, irina, sally):
    client.force_login(irina)
    told = client.get("/definitions/").text
    assert told.count("No definition yet") == 2
    assert told.count("Write it down") == 2

    client.force_login(sally)
    told = client.get("/definitions/").text
    assert told.count("No definition yet") == 2
    assert "Write it down" not in told


def test_the_list_shows_each_version_in_its_place(client, sally, at):
    old, active = make_signed(at=AT), make_signed(at=AT, prose="Two")
    proposal, draft = make_proposal(), make_definition()
    client.force_login(sally)

    mql, sql = client.get("/definitions/").context_data["stages"]

    assert mql["active"] == active
    assert [each["version"] for each in mql["proposals"]] == [proposal]
    assert mql["drafts"] == [draft]
    assert [row for row, _standing in mql["past"]] == [old]
    assert sql["any"] is False


def test_the_list_asks_as_often_for_many_versions(client, sally, count_queries):
    client.force_login(sally)
    make_signed()
    few = count_queries(client.get, "/definitions/")
    for _ in range(3):
        make_signed()
        make_proposal()

    assert count_queries(client.get, "/definitions/") == few


@pytest.mark.parametrize("language", ["en", "ro", "pl"])
def test_a_version_is_read_in_the_readers_language(client, sally, language):
    version = make_signed()
    client.force_login(sally)
    client.cookies["django_language"] = language
    sally.language = language
    sally.save()

    told = client.get(page(version)).context_data["reading"]

    with override(language):
        known = reading(parse(CRITERIA))
        assert str(told.sentence) == str(known.sentence)


def test_who_signed_what_and_when_is_shown(client, sally):
    version = make_signed()
    client.force_login(sally)

    told = client.get(page(version)).text

    for signature in version.signatures.all():
        assert signature.signed_by.name in told
    assert version.digest in told
    assert "Read and sign" not in told


def test_the_reading_and_the_count_are_regions(client, sally, count_queries):
    make_lead(company_id=make_company(employees=60).pk)
    make_lead(company_id=make_company(employees=60).pk, exclusion="test")
    make_lead(company_id=make_company(employees=10).pk)
    active = make_signed(criteria={"rules": {**EMPLOYEES, "value": 5}})
    draft = make_definition(criteria={"rules": EMPLOYEES})
    client.force_login(sally)

    told = client.get(page(draft, "count/"))
    assert (told.context_data["count"], told.context_data["holding_count"]) == (1, 2)
    told = client.get(page(active, "count/"))
    assert (told.context_data["count"], told.context_data["holding"]) == (2, None)
    told = client.get(page(draft, "reading/")).text
    assert "Company has <b>at least 50 employees</b>." in told


def test_counting_reads_the_leads_in_one_statement(
    client, sally, django_assert_num_queries
):
    make_signed()
    draft = make_definition()
    client.force_login(sally)

    with django_assert_num_queries(6) as captured:
        client.get(page(draft, "count/"))

    about = [each["sql"] for each in captured if "leads_lead" in each["sql"]]
    assert len(about) == 1


# Drafting


def test_the_first_version_begins_with_one_condition(client, irina):
    client.force_login(irina)

    answer = client.post("/definitions/new/", {"stage": "sql"})

    draft = Version.objects.get()
    assert (draft.kind, draft.number) == ("definition.sql", 1)
    assert answer["Location"] == page(draft, "edit/")
    assert client.get(answer["Location"]).status_code == 200


def test_the_next_version_is_a_copy_and_begun_once(client, irina):
    active = make_signed(prose="Ours", review_on=None)
    client.force_login(irina)

    first = client.post(page(active, "next/"))
    again = client.post(page(active, "next/"))

    draft = Version.objects.get(number=2)
    assert first["Location"] == again["Location"] == page(draft, "edit/")
    assert (draft.prose, draft.content) == (active.prose, active.content)


FORM = {
    "title": "Qualified lead",
    "prose": "Ours",
    "second_chance": "5",
    "effective_on": "2030-03-31",
    "review_on": "2030-06-30",
    "rules.kind": "all",
    "rules.0.kind": "condition",
    "rules.0.was": "company.employees",
    "rules.0.what": "company.employees",
    "rules.0.op": "at_least",
    "rules.0.value": "50",
}


def edit(client, draft, *, htmx=True, **values):
    data = {**FORM, "revision": draft.revision, **values}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(page(draft, "edit/"), data, headers=headers)


def test_an_edit_is_saved_and_shown_in_words(client, irina):
    draft = make_definition()
    client.force_login(irina)

    answer = edit(client, draft)

    draft.refresh_from_db()
    assert draft.revision == 2
    assert definitions.written(draft).criteria == {"rules": {"all": [EMPLOYEES]}}
    assert draft.content["second_chance"] == "0.05"
    assert draft.effective_at == datetime(2030, 3, 30, 22, tzinfo=UTC)
    assert answer.template_name.endswith("#definition-builder")
    assert json.loads(answer["HX-Trigger"]) == {"definition-saved": {}}
    sentence = answer.context_data["reading"].sentence
    assert str(sentence) == "Company has at least 50 employees."


def test_the_same_edit_again_changes_nothing(client, irina):
    draft = make_definition()
    client.force_login(irina)
    edit(client, draft)
    draft.refresh_from_db()

    edit(client, draft)

    draft.refresh_from_db()
    assert draft.revision == 2


def test_what_is_unfinished_is_marked_at_its_place_and_kept(client, irina):
    draft = make_definition()
    client.force_login(irina)

    def marked(answer):
        rules = answer.context_data["rules"]
        assert answer.context_data["unfinished"] == 2
        assert rules.parts[0].faults == ["Say what to compare with."]
        assert rules.parts[1].parts[0].faults == ["Choose what this is about."]
        return rules

    answer = edit(client, draft, **{"rules.0.value": "", "act": "group rules"})

    assert answer.status_code == 200
    assert marked(answer).parts[1].focus
    assert json.loads(answer["HX-Trigger"]) == {"definition-saved": {}}
    draft.refresh_from_db()
    begun = {"field": "company.employees", "op": "at_least"}
    unfinished = [begun, {"any": [{"field": ""}]}]
    assert draft.revision == 2
    assert draft.content["criteria"] == {"rules": {"all": unfinished}}
    marked(client.get(page(draft, "edit/")))  # tomorrow


def test_an_unfinished_draft_is_read_counted_compared_and_copied(client, irina):
    make_lead(company_id=make_company(employees=60).pk)
    draft = make_definition()
    client.force_login(irina)
    edit(client, draft, act="group rules")

    told = client.get(page(draft))
    assert told.context_data["unfinished"] == 1
    sentence = "Company has at least 50 employees."
    assert str(told.context_data["reading"].sentence) == sentence
    assert client.get(page(draft, "count/")).context_data["count"] is None
    reading = client.get(page(draft, "reading/")).context_data["reading"]
    assert str(reading.sentence) == sentence
    assert client.get(page(draft, "comments/")).status_code == 200
    assert client.get(page(draft, "sign/")).status_code == 200
    assert client.get("/definitions/").status_code == 200

    client.post(page(draft, "next/"))

    draft.refresh_from_db()
    copy = Version.objects.exclude(pk=draft.pk).get()
    assert copy.content == draft.content
    compared = f"{page(copy)}compare/{draft.pk}/"
    assert client.get(compared, follow=True).status_code == 200


def test_an_unfinished_draft_is_neither_proposed_nor_tried(client, irina):
    draft = make_definition()
    client.force_login(irina)
    edit(client, draft, **{"rules.0.value": ""})

    proposed = client.post(page(draft, "propose/"), {"revision": 2})
    window = {"first_on": "2026-01-01", "last_on": "2026-01-31"}
    tried = client.post(f"/numbers/dry-runs/of/{draft.pk}/new/", window)

    for answer in (proposed, tried):
        assert answer.status_code == 422
        assert "It cannot run yet: Say what to compare with." in answer.text
    draft.refresh_from_db()
    assert draft.state == "draft"
    with pytest.raises(WrongDefinition):
        versions.propose(draft, by=irina, at=AT)
    assert not DryRun.objects.exists()

    edit(client, draft)
    assert client.post(page(draft, "propose/"), {"revision": 3}).status_code == 302


def test_a_cleared_name_is_kept_and_asked_for_before_proposing(client, irina):
    draft = make_definition()
    client.force_login(irina)

    answer = edit(client, draft, title="")

    draft.refresh_from_db()
    assert (draft.title, draft.revision) == ("", 2)
    for shown in (answer, client.get(page(draft, "edit/"))):
        assert list(shown.context_data["form"].errors) == ["title"]
        assert shown.context_data["unfinished"] == 1
        assert not shown.context_data["unkept"]
    told = client.get(page(draft))
    assert "Without a name" in told.text
    refused = client.post(page(draft, "propose/"), {"revision": 2})
    assert (refused.status_code, "Give it a title." in refused.text) == (422, True)


def test_an_input_that_holds_no_value_leaves_what_was_kept(client, irina):
    draft = make_definition()
    client.force_login(irina)
    edit(client, draft)

    answer = edit(
        client, draft, revision="2", second_chance="60", review_on="soon", title="New"
    )

    draft.refresh_from_db()
    assert answer.context_data["unkept"]
    assert (draft.title, draft.content["second_chance"]) == ("New", "0.05")
    assert draft.review_on == date(2030, 6, 30)


def test_a_line_of_points_without_its_condition_is_kept(client, irina):
    draft = make_definition()
    client.force_login(irina)
    edit(client, draft, act="side fit")
    parts = {
        "fit.kind": "fit",
        "fit.threshold": "20",
        "fit.0.kind": "points",
        "fit.0.name": "Company",
        "fit.0.cap": "50",
        "fit.0.0.kind": "line",
        "fit.0.0.points": "10",
    }

    edit(client, draft, revision="2", **parts)

    draft.refresh_from_db()
    assert draft.content["criteria"]["scoring"]["fit"]["groups"] == [
        {"name": "Company", "cap": 50, "points": [{"points": 10}]}
    ]
    assert client.get(page(draft, "edit/")).context_data["fit"].part.parts


def test_a_change_of_somebody_else_is_not_written_over(client, irina, magda):
    draft = make_definition()
    theirs = Draft("Hers", criteria=CRITERIA)
    definitions.revise(draft, theirs, revision=1, by=magda, at=AT)
    client.force_login(irina)

    refused = edit(client, draft)

    draft.refresh_from_db()
    assert (refused.status_code, draft.title) == (412, "Hers")
    assert refused.context_data["form"]["title"].value() == "Qualified lead"
    assert "What you wrote stands below" in refused.text

    edit(client, draft, revision="1", over="2")
    draft.refresh_from_db()
    assert draft.title == "Qualified lead"


def test_what_was_proposed_meanwhile_is_refused_calmly(client, irina):
    draft = make_definition()
    versions.propose(draft, by=irina, at=AT)
    client.force_login(irina)

    refused = edit(client, draft)

    assert refused.status_code == 409
    assert "at another point of its life" in refused.text
    assert client.get(page(draft, "edit/"))["Location"] == page(draft)


def test_without_script_the_whole_page_comes_back(client, irina):
    draft = make_definition()
    client.force_login(irina)

    answer = edit(client, draft, htmx=False, title="")

    assert answer.template_name == "leads/definition_edit.html"
    assert list(answer.context_data["form"].errors) == ["title"]


def test_everything_that_can_be_written_survives_the_form(client, irina):
    """What the builder shows of a definition, sent back unchanged, is the same."""
    everything = {
        "rules": {
            "all": [
                {"field": "lead.source", "op": "in", "value": ["a, b", 'c "d"']},
                {"field": "lead.priority", "op": "between", "value": [1, 3]},
                {"field": "lead.created_at", "op": "before", "value": "2026-03-01"},
                {"field": "lead.do_not_contact", "op": "is", "value": False},
                {"field": "lead.stage", "op": "not_in", "value": ["customer", "lost"]},
                {"field": "lead.owner", "op": "in", "value": [irina.pk]},
                {"not": {"field": "lead.phone", "op": "missing", "optional": True}},
                {"not": {"all": [EMPLOYEES, EMPLOYEES]}},
                {"any": [EMPLOYEES, {"not": {"any": [EMPLOYEES, EMPLOYEES]}}]},
                {
                    "touches": {
                        "type": ["webinar", "event"],
                        "channel": ["event"],
                        "direction": "inbound",
                        "team": "marketing",
                        "automatic": False,
                    },
                    "op": "last_before_days",
                    "value": 0,
                },
                {"touches": {}, "op": "at_least", "value": 3},
            ]
        },
        "scoring": {
            "fit": {
                "threshold": 40,
                "groups": [
                    {
                        "name": "Company",
                        "cap": 50,
                        "points": [
                            {"when": EMPLOYEES, "points": -5},
                            {"when": {"any": [EMPLOYEES, EMPLOYEES]}, "points": 20},
                        ],
                    }
                ],
            },
            "engagement": {
                "threshold": 20,
                "half_life_days": 14,
                "groups": [
                    {
                        "name": "Web",
                        "cap": 30,
                        "points": [{"touches": {"type": ["visit"]}, "points": 2}],
                    }
                ],
            },
        },
    }
    draft = make_definition(criteria=everything)
    client.force_login(irina)
    told = client.get(page(draft, "edit/")).text

    client.post(page(draft, "edit/"), sent_by(told))

    draft.refresh_from_db()
    assert draft.content["criteria"] == everything


def test_nonsense_is_shown_at_its_place_and_breaks_nothing(client, irina):
    draft = make_definition()
    client.force_login(irina)
    nonsense = {
        "title": "Name\0less",
        "rules.0.what": "touch:nonsense",
        "rules.0.value": "9" * 40,
        "rules.1.kind": "nonsense",
        "fit.kind": "fit",
        "fit.0.kind": "points",
        "fit.0.name": "a\0b",
        "engagement.kind": "all",
        "act": "up rules.99.x",
    }

    assert edit(client, draft, **nonsense, revision="x").status_code == 412
    answer = edit(client, draft, **nonsense)

    assert answer.status_code == 200
    assert answer.context_data["unfinished"] > 0
    again = client.get(page(draft, "edit/"))
    assert again.context_data["unfinished"] > 0
    assert client.get(page(draft)).status_code == 200


# Proposing and signing


def test_a_draft_is_proposed_with_its_deadline(client, irina, magda):
    draft = make_definition()
    client.force_login(irina)

    sent = {"sign_by": "2031-01-31", "revision": draft.revision}
    answer = client.post(page(draft, "propose/"), sent)

    draft.refresh_from_db()
    assert answer["Location"] == page(draft)
    assert (draft.state, draft.proposed_by) == ("proposed", irina)
    assert draft.sign_by_at == datetime(2031, 1, 31, 22, tzinfo=UTC)
    again = client.post(page(draft, "propose/"), sent)
    assert again.status_code == 409


def test_only_the_text_that_was_read_is_proposed(client, irina, magda):
    draft = make_definition()
    definitions.revise(
        draft, Draft("Hers", criteria=CRITERIA), revision=1, by=magda, at=AT
    )
    client.force_login(irina)

    refused = client.post(page(draft, "propose/"), {"revision": 1})
    past = client.post(
        page(draft, "propose/"), {"revision": 2, "sign_by": "2020-01-01"}
    )

    assert (refused.status_code, past.status_code) == (412, 422)
    assert list(past.context_data["propose_form"].errors) == ["sign_by"]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_two_heads_sign_and_one_version_holds(irina, magda):
    proposal = make_proposal()
    hers, his = signed_in(irina), signed_in(magda)

    read = hers.get(page(proposal, "sign/")).text
    assert proposal.digest in read
    for client in (hers, his):
        answer = client.post(page(proposal, "sign/"), {"digest": proposal.digest})
        assert answer["Location"] == page(proposal)

    proposal.refresh_from_db()
    assert proposal.state == "signed"
    told = Signature.objects.values_list("function", "signed_by", "digest")
    assert set(told) == {
        ("sales", irina.pk, proposal.digest),
        ("marketing", magda.pk, proposal.digest),
    }
    again = hers.post(page(proposal, "sign/"), {"digest": proposal.digest})
    assert again.status_code == 409


def test_another_text_is_not_signed(client, irina):
    proposal = make_proposal()
    client.force_login(irina)

    refused = client.post(page(proposal, "sign/"), {"digest": "0" * 64})

    assert refused.status_code == 409
    assert "not the text that would be signed" in refused.text
    assert Signature.objects.count() == 0


@pytest.mark.parametrize(
    "role",
    [Role.SALES_REP, Role.MARKETER, Role.REVENUE_OPERATIONS, Role.ADMIN],
)
def test_who_signs_for_no_function_is_refused(role, irina):
    proposal = make_proposal()
    client = signed_in(make_user(role))

    told = {
        client.get(page(proposal, "sign/")).status_code,
        client.post(page(proposal, "sign/"), {"digest": proposal.digest}).status_code,
        client.post(page(proposal, "reject/"), {"reason": "No"}).status_code,
    }

    assert told == {403}
    assert Signature.objects.count() == 0
    assert "Read and sign" not in client.get(page(proposal)).text


def test_a_rep_reads_and_comments_and_changes_nothing(client, sally):
    draft = make_definition()
    client.force_login(sally)

    refused = {
        client.get(page(draft, "edit/")).status_code,
        *(
            client.post(page(draft, act)).status_code
            for act in ("edit/", "propose/", "withdraw/", "next/")
        ),
        client.post("/definitions/new/").status_code,
    }

    assert refused == {403}
    assert client.get(page(draft)).status_code == 200


def test_a_deputy_signs_for_the_head(irina, sally):
    proposal = make_proposal()
    sally.deputy_for = Function.SALES
    sally.save()
    client = signed_in(sally)

    assert "Deputy of the head" in client.get(page(proposal, "sign/")).text
    client.post(page(proposal, "sign/"), {"digest": proposal.digest})

    told = Signature.objects.values_list("function", "signed_by", "capacity")
    assert list(told) == [("sales", sally.pk, "deputy")]


def test_a_proposal_is_rejected_with_its_reason(client, irina):
    proposal = make_proposal()
    client.force_login(irina)

    blank = client.post(page(proposal, "reject/"), {"reason": " "})
    assert (blank.status_code, list(blank.context_data["reject_form"].errors)) == (
        422,
        ["reason"],
    )
    client.post(page(proposal, "reject/"), {"reason": "Too wide"})

    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("rejected", "Too wide")
    assert "Too wide" in client.get(page(proposal)).text


def test_a_draft_is_withdrawn_once(client, irina):
    draft = make_definition()
    client.force_login(irina)

    assert client.post(page(draft, "withdraw/"))["Location"] == page(draft)
    assert client.post(page(draft, "withdraw/")).status_code == 409


# Talking and comparing


def test_everybody_comments_with_their_teams_colour(client, sally, mark):
    draft = make_definition()
    place = "/rules/all/0"
    client.force_login(sally)
    address = page(draft, "comments/")

    blank = client.post(address, {"text": " "}, headers={"HX-Request": "true"})
    assert blank.status_code == 422
    sent = {"text": "Good <b>", "place": place}
    told = client.post(address, sent, headers={"HX-Request": "true"})
    assert 'class="say sales"' in told.text
    assert "Good &lt;b&gt;" in told.text
    assert "about: Company has at least 50 employees" in told.text

    client.force_login(mark)
    assert client.post(address, {"text": "Yes"})["Location"] == page(draft)
    rows = Comment.objects.values_list("text", "place", "written_by")
    assert list(rows) == [("Good <b>", place, sally.pk), ("Yes", "", mark.pk)]


def test_versions_are_compared_line_by_line(client, sally):
    one = make_signed(prose="Same\nOld", second_chance=Decimal(0))
    fewer = {
        "rules": {"all": [{**EMPLOYEES, "value": 20}, CRITERIA["rules"]["all"][1]]}
    }
    other = make_definition(prose="Same\nNew", criteria=fewer)
    client.force_login(sally)

    told = client.get(page(other, f"compare/{one.pk}/")).context_data["parts"]

    parts = {str(part.title): part for part in told}
    assert [tuple(line) for line in parts["In our own words"].lines] == [
        ("same", "Same", "Same"),
        ("changed", "Old", "New"),
    ]
    changed = [tuple(each) for each in parts["Rules"].lines if each.kind != "same"]
    assert changed == [
        (
            "changed",
            "    Company has at least 50 employees",
            "    Company has at least 20 employees",
        )
    ]
    assert parts["Second chance"].is_same
    back = client.get(page(one, f"compare/{other.pk}/"))
    assert back["Location"] == page(other, f"compare/{one.pk}/")


def test_other_documents_are_no_definitions(client, irina):
    row = versions.draft("agreement", versions.Text("Ours"), by=irina, at=AT)
    client.force_login(irina)

    assert client.get(page(row)).status_code == 404
    assert client.get(page(row, "edit/")).status_code == 404
