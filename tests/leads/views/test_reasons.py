import pytest

from foundation.accounts.enums import Role
from leads.models import Reason
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    person = make_user(Role.REVENUE_OPERATIONS)
    client.force_login(person)
    return client


def no_budget():
    return Reason.objects.get(kind="refuse", code="no_budget")


def test_every_reason_is_listed_once(keeper, count_queries):
    page = keeper.get("/reasons/")

    codes = [row.code for each in page.context_data["lists"] for row in each["reasons"]]
    assert sorted(codes) == sorted(Reason.objects.values_list("code", flat=True))


def test_a_reason_is_added_and_offered(keeper):
    sent = {"kind": "refuse", "code": "on_leave", "label_en": "On leave"}

    answer = keeper.post("/reasons/new/", sent)

    assert (answer.status_code, answer.url) == (302, "/reasons/")
    row = Reason.objects.get(kind="refuse", code="on_leave")
    assert (row.label, row.in_use) == ("On leave", True)


def test_a_taken_code_is_told_beside_it_and_nothing_is_lost(keeper):
    sent = {"kind": "refuse", "code": "no_budget", "label_en": "Poor"}

    answer = keeper.post("/reasons/new/", sent)

    form = answer.context_data["form"]
    assert answer.status_code == 422
    assert form.errors == {"code": ["This list has a reason with this code."]}
    assert form["label_en"].value() == "Poor"
    assert no_budget().label_en == "No budget now"


def test_a_reason_goes_out_of_use_and_keeps_its_code(keeper):
    row = no_budget()
    sent = {"label_en": row.label_en, "code": "other", "kind": "lose"}

    answer = keeper.post(f"/reasons/{row.pk}/", sent)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.code, row.in_use) == ("refuse", "no_budget", False)


def test_only_those_who_keep_them_see_the_way(client, sally):
    client.force_login(sally)

    assert "/reasons/" not in client.get("/queue/").text
    assert client.get("/reasons/").status_code == 403


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTEGRATION}))
def test_only_who_keeps_the_lists_is_shown_the_way_to_them(client, role):
    """Revenue operations and administrators keep them (domain §2); leadership reads."""
    keeps = role in {Role.REVENUE_OPERATIONS, Role.ADMIN}
    client.force_login(make_user(role))

    pages = [client.get(address) for address in ("/", "/admin/")]

    found = [b'href="/reasons/"' in page.content for page in pages]
    assert client.get("/reasons/").status_code == (200 if keeps else 403)
    assert found == [keeps, keeps and role == Role.ADMIN]
