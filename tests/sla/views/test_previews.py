"""A preview on its pages: asked for, watched, and each number opens its clocks."""

import re

import pytest

from foundation.jobs.actions.running import run_next
from foundation.jobs.models import Job
from foundation.kernel import clock
from sla.models import Preview
from tests.factories.leads import make_lead
from tests.factories.sla import (
    ALWAYS,
    HOUR,
    LONG_AGO,
    call,
    make_agreement,
    make_calendar,
    make_draft,
)

pytestmark = pytest.mark.django_db
RESPONSE = {"kind": "first_response", "minutes": 60, "share": "0.9"}
VOLUME = {"kind": "volume", "measure": "count", "period": "month", "leads": 120}


@pytest.fixture
def found(hanna, client):
    """One lead contacted after half an hour, one after an hour and a half."""
    make_calendar(weekly=ALWAYS)
    make_agreement()
    begun = clock.now() - 240 * HOUR
    leads = []
    for hours in (0.5, 1.5):
        lead = make_lead(created_at=begun, at=begun, stage="mql")
        call(lead, begun + hours * HOUR)
        leads.append(lead)
    client.force_login(hanna)
    return leads


def work():
    """Do what was asked for; in a test's transaction the database's time stands."""
    Job.objects.update(due_at=LONG_AGO)
    assert run_next("long")


def test_it_is_asked_for_watched_and_opened(found, client):
    draft = make_draft(RESPONSE, VOLUME, at=clock.now())
    place = f"/agreement/versions/{draft.pk}/preview/"
    assert "Try it out" in client.get(place).text

    client.post(place + "new/")
    waiting = client.get(place)
    assert (waiting.context_data["going_on"], "every 1s" in waiting.text) == (
        True,
        True,
    )
    work()

    told = client.get(place)
    response, volume = told.context_data["rows"]
    assert volume["cells"] == []
    shown = [(cell["text"], cell["n"]) for cell in response["cells"]]
    assert shown == [("100 %", 2), ("50 %", 2), (0, None), (1, None)]
    assert "every 1s" not in told.text
    for cell, leads in zip(response["cells"], (2, 2, None, 1), strict=True):
        if leads is None:
            assert cell["url"] == ""
            continue
        page = client.get(cell["url"]).context_data["page"]
        assert page.paginator.count == leads
    last = client.get(response["cells"][3]["url"]).context_data["page"]
    assert [row.lead_id for row in last] == [found[1].pk]
    assert not re.search("every 1s|Cancel", told.text)


def test_it_is_stopped(found, client):
    draft = make_draft(RESPONSE, at=clock.now())
    client.post(f"/agreement/versions/{draft.pk}/preview/new/")
    preview = Preview.objects.get()

    client.post(f"/agreement/previews/{preview.pk}/cancel/")

    told = client.get(f"/agreement/versions/{draft.pk}/preview/")
    assert "This preview was stopped." in told.text


def test_a_draft_that_changed_says_so_and_a_rep_only_reads(found, client, sally):
    draft = make_draft(RESPONSE, at=clock.now())
    place = f"/agreement/versions/{draft.pk}/preview/"
    client.post(place + "new/")
    work()
    type(draft).objects.filter(pk=draft.pk).update(revision=2)

    assert "The draft has changed since" in client.get(place).text
    client.force_login(sally)
    assert "Try it out" not in client.get(place).text
    assert client.post(place + "new/").status_code == 403
