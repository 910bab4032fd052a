import pytest

from foundation.kernel import clock
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def mql(db):
    def make(**values):
        now = clock.now()
        return make_lead(created_at=now, at=now, stage="mql", **values)

    return make


def shown(response):
    return [item.clock.lead_id for item in response.context_data["items"]]


def test_each_queue_shows_its_leads_once(client, sally, mql):
    mine, free = mql(owner_id=sally.pk), mql()
    other = mql(owner_id=make_user().pk)
    make_lead(owner_id=sally.pk)
    client.force_login(sally)

    assert shown(client.get("/queue/")) == [mine.pk]
    assert set(shown(client.get("/queue/?which=team"))) == {mine.pk, other.pk}
    assert shown(client.get("/queue/?which=unassigned")) == [free.pk]
    assert shown(client.get("/queue/?which=nonsense")) == [mine.pk]


def test_the_asked_lead_is_open_beside_the_list(client, sally, mql):
    leads = [mql(owner_id=sally.pk) for _ in range(3)]
    client.force_login(sally)

    response = client.get(f"/queue/?lead={leads[2].pk}")

    assert response.context_data["lead"] == leads[2]
    assert f'hx-get="/leads/{leads[2].pk}/"' in response.text
    assert f"/leads/{leads[2].pk}/accept/" in response.text


HTMX = {"HX-Request": "true"}


def refreshed(client, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return client.get(f"/queue/?which=mine&{query}", headers=HTMX)


def test_a_refreshed_list_leaves_the_open_lead_alone(client, sally, mql):
    mine, other = mql(owner_id=sally.pk), mql(owner_id=make_user().pk)
    client.force_login(sally)

    for lead in (mine, other):
        answer = refreshed(client, lead=lead.pk)
        assert 'id="queue-list"' in answer.text
        assert 'id="lead-body"' not in answer.text
        assert f"lead={lead.pk}&amp;place=" in answer.text


def test_after_a_decision_the_next_lead_comes_along(client, sally, mql):
    leads = [mql(owner_id=sally.pk) for _ in range(3)]
    first, second, third = shown_after(client, sally, leads)
    client.post(f"/leads/{second}/refuse/", {"to": "recycled", "reason": "no_need"})

    gone = refreshed(client, lead=second, place=1, after="decided")
    still = refreshed(client, lead=first, place=0, after="decided")
    last = refreshed(client, lead=third, place=1, after="decided")

    assert gone.context_data["lead"].pk == third
    assert gone["HX-Replace-Url"] == f"?which=mine&lead={third}"
    assert f'hx-get="/leads/{third}/"' in gone.text
    assert still.context_data["lead"].pk == third
    assert last.context_data["lead"].pk == first


def shown_after(client, person, leads):
    client.force_login(person)
    ids = shown(client.get("/queue/"))
    assert set(ids) == {lead.pk for lead in leads}
    return ids


def test_after_another_act_the_lead_stays_while_it_waits(client, sally, mql):
    mine = mql(owner_id=sally.pk)
    mql(owner_id=sally.pk)
    client.force_login(sally)

    answer = refreshed(client, lead=mine.pk, after="changed")

    assert 'id="lead-body"' not in answer.text


def test_the_first_lead_to_come_is_opened(client, sally, mql):
    client.force_login(sally)
    assert 'id="queue-list"' in client.get("/queue/").text
    lead = mql(owner_id=sally.pk)

    assert f'hx-get="/leads/{lead.pk}/"' in refreshed(client, lead=0).text


def test_heads_see_the_team_where_nobody_waits_for_them(client, hanna, sally, mql):
    lead = mql(owner_id=sally.pk)
    client.force_login(hanna)
    assert shown(client.get("/queue/")) == [lead.pk]
    empty = client.get("/queue/?which=mine").text
    assert "Nobody waits for you" in empty
    own = mql(owner_id=hanna.pk)
    assert shown(client.get("/queue/")) == [own.pk]


def test_an_empty_queue_says_so(client, sally):
    client.force_login(sally)

    assert "Nobody waits" in client.get("/queue/").text


def test_the_queue_has_a_constant_number_of_statements(
    client, sally, mql, count_queries
):
    client.force_login(sally)

    def show():
        mql(owner_id=sally.pk)
        return count_queries(client.get, "/queue/")

    assert len({show() for _ in range(3)}) == 1


def test_regions_have_a_constant_number_of_statements(
    client, sally, mql, count_queries
):
    client.force_login(sally)
    lead = mql(owner_id=sally.pk)
    for address in ("/agreement/next/", "/agreement/promises/"):

        def show(address=address):
            mql(owner_id=sally.pk)
            return count_queries(client.get, address)

        assert len({show() for _ in range(3)}) == 1
    assert client.get(f"/agreement/leads/{lead.pk}/clocks/").status_code == 200


def test_the_numbers_of_a_promise_open_as_many_records(client, sally, mark, mql):
    lead = mql(owner_id=sally.pk)
    client.force_login(sally)
    client.post(f"/leads/{lead.pk}/accept/")
    client.force_login(mark)

    rows = client.get("/agreement/promises/").context_data["sales"]["rows"]
    met = [row for row in rows if row["n"]]

    assert [(row["v"]["text"], row["n"]) for row in met] == [("100 %", 1)]
    page = client.get(met[0]["v"]["url"]).context_data["page"]
    assert [row.lead_id for row in page] == [lead.pk]
    assert client.get("/agreement/clocks/?part=nonsense").status_code == 404
