"""However many leads qualify or are contacted at once: as many statements."""

import pytest

from leads.actions import stages, touchpoints
from leads.models import Lead
from sla.models import Breach, Clock
from tests.factories.sla import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


def make_leads(number, at):
    return Lead.objects.bulk_create(
        Lead(created_at=at, stage_since_at=at, source=f"s{n % 3}")
        for n in range(number)
    )


def qualify(leads, at, *, live=True):
    wishes = [stages.Advance(lead.pk, "mql", at) for lead in leads]
    stages.advance_many(wishes, by=None, at=at + HOUR / 60, live=live)


@pytest.mark.parametrize("live", [True, False])
def test_starting_clocks(at, count_queries, live):
    def start(number):
        return count_queries(qualify, make_leads(number, at), at, live=live)

    # What was agreed is read again only where it changed.
    assert start(2) == start(1) + 1
    assert start(1) == start(3) == start(1_000)
    assert Clock.objects.filter(state="running").count() == 2 * 1_007


def test_deciding_and_contacting(at, count_queries):
    def work(number):
        leads = make_leads(number, at)
        qualify(leads, at)
        accept = [stages.Advance(p.pk, "sal", at + HOUR, "accepted") for p in leads]
        called = {"direction": "outbound", "team": "sales"}
        touches = [touchpoints.Touch(p.pk, at + 3 * HOUR, called) for p in leads]
        return (
            count_queries(stages.advance_many, accept, by=None, at=at + HOUR),
            count_queries(touchpoints.log_many, touches, by=None, at=at + 3 * HOUR),
        )

    assert work(1) == work(3) == work(1_000)
    assert Clock.objects.filter(kind="acceptance", state="met").count() == 1_004
    late = Clock.objects.filter(kind="first_response", state="breached")
    assert late.filter(late_seconds=3600).count() == 1_004
    assert Breach.objects.count() == 1_004


def test_leads_without_clocks_cost_one_statement_more(at, count_queries):
    leads = make_leads(2, at)
    called = {"direction": "inbound", "team": "sales"}
    touch = touchpoints.Touch(leads[0].pk, at, called)
    inbound = count_queries(touchpoints.log_many, [touch], by=None, at=at)
    qualify(leads, at)
    touch = touchpoints.Touch(leads[1].pk, at, called)

    assert count_queries(touchpoints.log_many, [touch], by=None, at=at) == inbound
