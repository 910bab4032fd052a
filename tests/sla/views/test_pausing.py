"""Pausing and going on, as the queue and the lead's page offer it."""

import pytest

from foundation.accounts.enums import Role
from foundation.kernel import clock as time
from foundation.ledger.models import Entry
from sla.models import Pause
from tests.factories.accounts import make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, events, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(at, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    return lead


@pytest.fixture
def reply(at, lead):
    """The lead asks to be called later."""
    return call(lead, at + HOUR / 4, direction="inbound", team="")


@pytest.fixture
def send(client, sally, lead, at, monkeypatch):
    """Post as Sally, an hour after the lead qualified, what the dialog holds."""
    client.force_login(sally)
    monkeypatch.setattr(time, "now", lambda: at + HOUR)

    def send(verb="pause", *, htmx=True, **fields):
        data = {"reason": "lead_asked", "until_at": "2030-01-01T10:00", **fields}
        address = f"/agreement/leads/{lead.pk}/{verb}/"
        return client.post(address, data, headers=HTMX if htmx else {})

    return send


def shown(client, lead):
    return client.get(f"/agreement/leads/{lead.pk}/clocks/").content.decode()


def test_all_clocks_of_the_lead_stand_still_and_go_on(send, lead, reply):
    paused = send(evidence=reply.pk)

    assert paused.status_code == 200
    assert "The clocks stand still." in paused["HX-Trigger"]
    assert 'id="resume-form"' in paused.content.decode()
    assert 'id="pause-form"' not in paused.content.decode()
    assert states(lead) == {"first_response 1": "paused", "acceptance 1": "paused"}
    assert Entry.objects.filter(cause="pause").count() == 1

    going = send("resume")

    assert "The clocks go on." in going["HX-Trigger"]
    assert states(lead) == {"first_response 1": "running", "acceptance 1": "running"}
    assert len(events("sla.clock.resumed")) == 2


def test_a_pause_that_is_over_already_is_refused_beside_its_field(send, lead, reply):
    page = send(evidence=reply.pk, until_at="2026-01-01T10:00")

    html = page.content.decode()
    assert page.status_code == 422
    assert '<dialog id="pause" aria-labelledby="pause-title" data-open>' in html
    assert html.count("Choose a later time.") == 1
    assert not Pause.objects.exists()


def test_what_sales_did_shows_no_reason(send, lead, at, reply):
    own = call(lead, at + HOUR / 2)

    page = send(evidence=own.pk)

    assert page.status_code == 422
    assert f'<option value="{own.pk}"' not in page.content.decode()
    assert f'<option value="{reply.pk}"' in page.content.decode()
    assert not Pause.objects.exists()


def test_without_any_evidence_it_says_what_to_do(client, send, lead):
    assert send(evidence="").status_code == 422

    html = shown(client, lead)
    assert "A pause needs a reply of the lead or of marketing." in html
    assert 'id="pause-form"' not in html


def test_a_second_time_nothing_runs_that_could_pause(send, lead, reply):
    send(evidence=reply.pk)
    again = send(evidence=reply.pk)

    assert again.status_code == 409
    assert "None of these clocks can pause now." in again.content.decode()
    assert Pause.objects.count() == 2


def test_a_colleague_reads_and_may_not_pause(client, send, lead, reply):
    client.force_login(make_user(Role.SALES_REP, name="Olga Other"))

    page = send(evidence=reply.pk)

    assert page.status_code == 403
    assert not Pause.objects.exists()
    assert 'data-dialog="pause"' not in shown(client, lead)


def test_without_script_it_goes_back_to_the_lead(client, send, lead, reply):
    answer = send(evidence=reply.pk, htmx=False)

    assert (answer.status_code, answer["Location"]) == (302, f"/leads/{lead.pk}/")
    told = client.get(answer["Location"]).content.decode()
    assert "The clocks stand still." in told
    assert Pause.objects.count() == 2


def test_a_holiday_is_said_once_though_now_lies_in_it(client, at, monkeypatch):
    """The clock explains the day in two parts, gone by and to come; people read one."""
    from tests.factories.sla import make_calendar  # noqa: PLC0415

    make_calendar(at=at - 24 * HOUR, days_off={at.date(): "Founders' day"})
    lead = make_lead()
    move(lead, "mql", at - 2 * HOUR)
    client.force_login(make_user(Role.MARKETER))
    monkeypatch.setattr(time, "now", lambda: at)

    html = shown(client, lead)

    assert html.count("Founders&#x27; day") == 2  # one for each of two clocks
