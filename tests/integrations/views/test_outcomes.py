"""A load that was begun: how far it is, what became of it, what was not taken."""

import csv
from io import StringIO

import pytest

from foundation.accounts.enums import Role
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from integrations.models import Load
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.integrations import make_begun, make_load, make_upload, work_off

pytestmark = pytest.mark.django_db
FILE = (
    "email,source,notes\n"
    "ana@example.com,webinar,fine\n"
    'bad one,"=cmd|calc",<script>x</script>\n'
    "also bad,-1.5,\n"
)
HTMX = {"HX-Request": "true"}


def told(answer):
    return " ".join(answer.content.decode().split())


def test_what_waits_for_a_worker_says_so_and_asks_again(asking, maria):
    load = make_begun(maria, FILE)
    for address in ("", "progress/"):
        answer = asking.get(f"/imports/{load.pk}/{address}", headers=HTMX)
        assert "waiting for its turn" in told(answer)
        assert f'hx-get="/imports/{load.pk}/progress/" hx-trigger="every 1s"' in told(
            answer
        )
        assert f'action="/imports/{load.pk}/cancel/"' in told(answer)


def test_progress_is_told_in_rows_and_time(asking, maria):
    load = make_begun(maria, FILE)
    Job.objects.update(
        state=JobState.RUNNING, leased_until_at="2099-01-01T00:00Z", attempt=1
    )
    Job.objects.update(done_steps=25_000, all_steps=100_000)
    answer = asking.get(f"/imports/{load.pk}/progress/", headers=HTMX)

    assert "25,000 of 100,000 ·" in told(answer)
    assert "minutes left" in told(answer)
    assert (
        '<progress aria-label="Rows are being taken" max="100000" value="25000">'
        in (told(answer))
    )


def test_work_that_was_given_up_says_who_can_help(asking, maria):
    load = make_begun(maria, FILE)
    Job.objects.update(state=JobState.DEAD)

    assert "stands still" in told(asking.get(f"/imports/{load.pk}/"))


def test_when_it_ends_the_page_opens_afresh_with_the_result(asking, maria):
    load = make_begun(maria, FILE)
    work_off()
    answer = asking.get(f"/imports/{load.pk}/progress/", headers=HTMX)
    assert answer["HX-Redirect"] == f"/imports/{load.pk}/"

    answer = asking.get(f"/imports/{load.pk}/")
    assert '<h2 id="result-title">3 rows read</h2>' in told(answer)
    assert 'href="/leads/">Open the leads</a>' in told(answer)
    assert "<dt>Created</dt><dd>1</dd>" in told(answer)
    assert '<dt>Rejected</dt><dd class="bad-text">2</dd>' in told(answer)
    found = [(e["row"], e["column"]) for e in answer.context["errors"]]
    assert found == [(3, "email"), (4, "email")]
    assert 'hx-trigger="every' not in told(answer)


def test_rejected_rows_come_as_a_file_that_no_spreadsheet_runs(asking, maria):
    load = make_load(maria, FILE)
    answer = asking.get(f"/imports/{load.pk}/rejects/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(StringIO(text, newline=""))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="leads-{load.pk}-rejected.csv"'
    )
    assert header == [*load.header, "alignment_row", "alignment_error"]
    assert [row[:4] for row in rows] == [
        ["bad one", "'=cmd|calc", "<script>x</script>", "3"],
        ["also bad", "-1.5", "", "4"],
    ]
    assert rows[0][4].startswith("email: This is not one e-mail address")


def test_the_mended_file_is_read_as_the_first_was(asking, maria):
    load = make_load(maria, FILE)
    answer = asking.get(f"/imports/{load.pk}/rejects/")
    mended = b"".join(answer.streaming_content).replace(b"bad one", b"jan@example.com")
    again = make_load(maria, mended)

    assert (again.maps, again.header) == (load.maps, load.header)
    assert (again.created, again.rejected) == (1, 1)
    assert Lead.objects.get(email="jan@example.com").source == "=cmd|calc"


def test_a_stopped_load_says_what_to_do_next(asking, maria):
    load = make_begun(maria, FILE)
    answer = asking.post(f"/imports/{load.pk}/cancel/")
    assert answer.url == f"/imports/{load.pk}/"
    assert "It was stopped before its end" in told(asking.get(answer.url))
    asking.post(f"/imports/{load.pk}/cancel/")
    assert Load.objects.get().state == "stopped"
    work_off()
    assert not Lead.objects.exists()


def test_an_ended_load_is_not_stopped(asking, maria):
    load = make_load(maria, FILE)
    answer = asking.post(f"/imports/{load.pk}/cancel/", follow=True)

    assert "This load has ended already." in told(answer)
    assert Load.objects.get().state == "loaded"


def test_everybody_who_loads_sees_it_and_only_some_may_decide(client, maria):
    going, done = make_begun(maria, FILE), make_upload(maria)
    client.force_login(make_user(Role.MARKETER))
    answer = client.get(f"/imports/{going.pk}/")
    assert "waiting for its turn" in told(answer)
    assert "/cancel/" not in told(answer)
    assert client.post(f"/imports/{going.pk}/cancel/").status_code == 403
    assert client.post(f"/imports/{done.pk}/discard/").status_code == 403

    client.force_login(make_user(Role.ADMIN))
    assert client.post(f"/imports/{going.pk}/cancel/").status_code == 302
    assert Load.objects.get(pk=going.pk).state == "stopped"


@pytest.mark.parametrize("address", ["", "progress/", "rejects/"])
def test_others_see_none_of_it(client, maria, address):
    load = make_load(maria, FILE)
    client.force_login(make_user(Role.SALES_REP))

    assert client.get(f"/imports/{load.pk}/{address}").status_code == 403
    assert client.get("/imports/999999/").status_code == 403


def test_pages_ask_as_much_for_one_rejected_row_as_for_many(
    asking, maria, count_queries
):
    few = make_load(maria, FILE)
    many = make_load(maria, FILE + "bad,x,y\n" * 100)
    counts = [count_queries(asking.get, f"/imports/{n.pk}/") for n in (few, many)]
    assert counts[0] == counts[1]
    assert len(asking.get(f"/imports/{many.pk}/").context["errors"]) == 20
