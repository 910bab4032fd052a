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
