import json

import pytest

from foundation.accounts.enums import Role
from leads.models import Lead, Note, Touchpoint
from tests.factories.accounts import make_user
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db


def ids(response):
    return [lead.pk for lead in response.context_data["page"].leads]


def test_the_list_has_a_constant_number_of_statements(client, mark, count_queries):
    client.force_login(mark)

    def show():
        make_lead(company_id=make_company().pk, owner_id=make_user().pk)
        return count_queries(client.get, "/leads/")

    assert len({show() for _ in range(3)}) == 1


def test_the_list_is_narrowed_by_its_address(client, sally):
    company = make_company(name="Wisła Foods")
    mine = make_lead(owner_id=sally.pk, source="fair", stage="mql")
    free = make_lead(company_id=company.pk, first_name="Jan", last_name="Nowak")
    gone = make_lead(exclusion="test")
    client.force_login(sally)

    def shown(query=""):
        return ids(client.get(f"/leads/?{query}"))

    assert shown() == [free.pk, mine.pk]
    assert shown("owner=me") == [mine.pk]
    assert shown("owner=none") == [free.pk]
    assert shown("stage=mql&source=fair") == [mine.pk]
    assert shown("q=wis") == [free.pk]
    assert shown("q=Jan+Now") == [free.pk]
    assert shown("apart=test") == [gone.pk]
    assert shown("stage=nonsense") == [free.pk, mine.pk]


def test_pages_of_the_list_go_both_ways(client, sally):
    leads = [make_lead().pk for _ in range(52)][::-1]
    client.force_login(sally)

    first = client.get("/leads/")
    assert ids(first) == leads[:50]
    second = client.get("/leads/" + first.context_data["older_url"])
    assert ids(second) == leads[50:]
    assert second.context_data["older_url"] == ""
    back = client.get("/leads/" + second.context_data["newer_url"])
    assert ids(back) == leads[:50]


def test_the_list_for_htmx_is_only_the_rows(client, sally):
    make_lead()
    client.force_login(sally)

    response = client.get("/leads/", headers={"HX-Request": "true"})

    assert response.template_name == "leads/lead_list.html#lead-rows"
    assert "<html" not in response.text


def test_a_lead_is_entered_by_hand(client, mark):
    client.force_login(mark)

    missing = client.post("/leads/new/", {"first_name": "Ana"})
    assert (missing.status_code, list(missing.context_data["form"].errors)) == (
        422,
        ["email"],
    )
    made = client.post("/leads/new/", {"email": "ana@example.com", "country": "ro"})

    lead = Lead.objects.get()
    assert made["Location"] == f"/leads/{lead.pk}/"
    assert (lead.country, lead.stage) == ("RO", "lead")


def post(client, lead, act, **data):
    return client.post(f"/leads/{lead.pk}/{act}/", data, headers={"HX-Request": "true"})


def test_accept_answers_the_page_and_tells_the_rest(client, sally):
    lead = make_lead(stage="mql")
    client.force_login(sally)

    response = post(client, lead, "accept")

    assert response.status_code == 200
    assert set(json.loads(response["HX-Trigger"])) == {"lead-decided", "ui:message"}
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == ("sal", sally)


def test_without_script_the_same_act_goes_back_to_the_page(client, sally):
    lead = make_lead(stage="mql")
    client.force_login(sally)

    response = client.post(
        f"/leads/{lead.pk}/accept/", {"next": "https://evil.example"}
    )

    assert response["Location"] == f"/leads/{lead.pk}/"
    lead.refresh_from_db()
    assert lead.stage == "sal"


def test_a_refusal_needs_its_reason(client, sally):
    lead = make_lead(stage="mql")
    client.force_login(sally)

    missing = post(client, lead, "refuse", to="recycled")
    assert missing.status_code == 422
    assert list(missing.context_data["refusal_form"].errors) == ["reason"]
    crossed = post(client, lead, "refuse", to="recycled", reason="competitor")
    assert crossed.status_code == 422
    done = post(
        client, lead, "refuse", to="disqualified", reason="competitor", note="x"
    )

    assert done.status_code == 200
    lead.refresh_from_db()
    assert lead.stage == "disqualified"
    assert Note.objects.get().text == "x"


def test_a_call_is_logged_and_the_lead_accepted_in_one_step(client, sally):
    lead = make_lead(stage="mql")
    client.force_login(sally)

    done = post(
        client, lead, "touch", type="call", direction="outbound", accept="on", note="Hi"
    )

    assert done.status_code == 200
    lead.refresh_from_db()
    touch = Touchpoint.objects.get()
    assert (lead.stage, touch.channel, touch.team, touch.actor) == (
        "sal",
        "phone",
        "sales",
        sally,
    )
    assert Note.objects.get().about_touch == touch


def test_what_is_refused_says_so_and_nothing_is_half_done(client, sally):
    lead = make_lead(stage="mql", owner_id=make_user().pk)
    client.force_login(sally)

    done = post(client, lead, "touch", type="call", direction="outbound", accept="on")

    assert done.status_code == 403
    assert "belongs to somebody else" in done.text
    assert Touchpoint.objects.count() == 0


def test_qualifying_by_hand(client, mark):
    lead = make_lead()
    client.force_login(mark)

    done = post(client, lead, "qualify", to="mql", reason="known_account")

    assert done.status_code == 200
    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_notes_are_kept(client, mark):
    lead = make_lead()
    client.force_login(mark)

    post(client, lead, "note", text=" Prefers mornings. ")
    post(client, lead, "note", text="  ")

    assert [note.text for note in Note.objects.all()] == ["Prefers mornings."]


def test_heads_give_several_leads_at_once(client, sally):
    leads = [make_lead().pk for _ in range(3)]
    client.force_login(make_user(Role.HEAD_OF_SALES))

    client.post("/leads/bulk/", {"ids": leads[:2], "act": "give", "owner": sally.pk})

    owners = Lead.objects.order_by("pk").values_list("owner", flat=True)
    assert list(owners) == [sally.pk, sally.pk, None]
    client.force_login(sally)
    refused = client.post("/leads/bulk/", {"ids": leads, "act": "turn"})
    assert refused.status_code == 403


def test_the_lead_page_has_a_constant_number_of_statements(
    client, sally, count_queries
):
    lead = make_lead(stage="mql")
    client.force_login(sally)

    def show():
        post(client, lead, "touch", type="call", direction="outbound", note="x")
        return count_queries(client.get, f"/leads/{lead.pk}/")

    assert len({show() for _ in range(3)}) == 1
