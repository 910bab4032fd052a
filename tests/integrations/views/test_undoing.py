"""Undoing a load from its page: told first, done by a worker, told again."""

import pytest

from foundation.accounts.enums import Role
from integrations.models import Load
from integrations.views import undoing
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.integrations import make_begun, make_load, make_upload, work_off
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db
FILE = "email,source\nana@gmail.com,webinar\njan@gmail.com,fair\n"


def counted(answer):
    """What is taken back, put back and kept, as the page says it."""
    told = answer.context["undoing"]
    return (
        [(each["label"], each["n"]) for each in told["back"]],
        [(each["label"], each["n"]) for each in told["restored"]],
        [(each["label"], each["n"], each["reason"]) for each in told["kept"]],
    )


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_says_what_will_happen_and_writes_nothing(asking, maria):
    make_lead(email="jan@gmail.com", source="old")
    load = make_load(maria, FILE)
    answer = asking.get(f"/imports/{load.pk}/undo/")

    assert counted(answer) == ([("Leads", 1)], [("Leads", 1)], [])
    assert "Will be taken back" in text(answer)
    assert "Will hold again what it held before" in text(answer)
    load.refresh_from_db()
    assert load.state == "loaded"
    assert Lead.objects.get(email="jan@gmail.com").source == "fair"


def test_what_was_changed_since_is_named_as_kept(asking, maria):
    load = make_load(maria, FILE)
    make_load(maria, "email,source\nana@gmail.com,partner\n")
    _back, _restored, kept = counted(asking.get(f"/imports/{load.pk}/undo/"))

    assert kept == [("Leads", 1, "Something else stands on it by now")]


def test_a_worker_undoes_it_and_the_page_tells(asking, maria):
    load = make_load(maria, FILE)
    assert f'href="/imports/{load.pk}/undo/"' in text(
        asking.get(f"/imports/{load.pk}/")
    )
    answer = asking.post(f"/imports/{load.pk}/undo/")
    assert answer.url == f"/imports/{load.pk}/"
    waiting = text(asking.get(answer.url))
    assert "Rows are taken back" in waiting
    assert "/cancel/" not in waiting

    work_off()
    answer = asking.get(answer.url)
    assert counted(answer) == ([("Leads", 2)], [], [])
    assert "Was taken back" in text(answer)
    assert '<span class="pill pill-l dashed">Undone</span>' in text(answer)
    assert "/undo/" not in text(answer)


def test_twice_is_once(asking, maria):
    load = make_load(maria, FILE)
    asking.post(f"/imports/{load.pk}/undo/")
    work_off()
    answer = asking.post(f"/imports/{load.pk}/undo/", follow=True)

    assert "There is nothing here that could be undone." in text(answer)
    assert Load.objects.get(pk=load.pk).state == "undone"


@pytest.mark.parametrize("make", [make_upload, make_begun])
def test_what_was_not_loaded_is_not_undone(asking, maria, make):
    load = make(maria, FILE)
    answer = asking.get(f"/imports/{load.pk}/undo/")

    assert (answer.status_code, answer.url) == (302, f"/imports/{load.pk}/")


def test_only_some_may_undo_what_another_loaded(client, maria):
    load = make_load(maria, FILE)
    client.force_login(make_user(Role.MARKETER))
    assert client.get(f"/imports/{load.pk}/undo/").status_code == 403
    assert client.post(f"/imports/{load.pk}/undo/").status_code == 403
    assert "Undo this load" not in text(client.get(f"/imports/{load.pk}/"))
    load.refresh_from_db()
    assert load.state == "loaded"

    client.force_login(make_user(Role.HEAD_OF_SALES))
    assert client.get(f"/imports/{load.pk}/undo/").status_code == 200


def test_of_a_large_load_it_is_told_after_the_page(asking, maria, monkeypatch):
    monkeypatch.setattr(undoing, "TOLD_AT_ONCE", 1)
    load = make_load(maria, FILE)
    address = f"/imports/{load.pk}/undo/told/"
    answer = asking.get(f"/imports/{load.pk}/undo/")
    assert answer.context["undoing"] is None
    assert f'hx-get="{address}" hx-trigger="load"' in text(answer)

    answer = asking.get(address, headers={"HX-Request": "true"})
    assert counted(answer) == ([("Leads", 2)], [], [])
    assert "hx-get" not in text(answer)


def test_what_undoing_did_stays_on_the_page(asking, maria):
    load = make_load(maria, FILE)
    make_load(maria, "email,source\nana@gmail.com,partner\n")
    asking.post(f"/imports/{load.pk}/undo/")
    work_off()
    answer = asking.get(f"/imports/{load.pk}/")

    assert counted(answer)[2] == [("Leads", 1, "Something else stands on it by now")]
    assert "Stayed as it is" in text(answer)
