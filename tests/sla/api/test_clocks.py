from datetime import timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.kernel import clock as time
from leads.actions import leads
from leads.enums import Exclusion
from sla.actions import pauses
from sla.actions.pauses import Wish
from sla.enums import PauseReason
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]


@pytest.fixture
def api(client, mark):
    """Call the API as marketing, signed in by browser."""
    client.force_login(mark)
    return lambda path: client.get(f"/api/v1/{path}")


@pytest.fixture
def lead(at, sally):
    """Qualified at noon in Bucharest; contact is due at 14:00, a decision at 16:00."""
    lead = make_lead(owner_id=sally.pk, source="webinar", segment="retail")
    move(lead, "mql", at)
    return lead


@pytest.fixture
def told(api):
    """Return the (lead, promise) of the clocks that an address lists, sorted."""

    def told(query):
        answer = api(f"clocks/?{query}")
        assert answer.status_code == 200, answer.json()
        return sorted((row["lead"], row["promise"]) for row in answer.json()["results"])

    return told


def test_a_clock_that_runs(api, lead, sally):
    clock = clock_of(lead)

    (row,) = api("clocks/?promise=first_response").json()["results"]

    assert row == {
        "id": clock.pk,
        "lead": lead.pk,
        "round": 1,
        "promise": "first_response",
        "clause": clock.clause_id,
        "agreement": clock.clause.agreement.version,
        "target_seconds": 7_200,
        "calendar": clock.calendar_id,
        "owner": sally.pk,
        "team": None,
        "state": "running",
        "waiting": True,
        "history": False,
        "started_at": "2026-03-02T10:00:00Z",
        "due_at": "2026-03-02T12:00:00Z",
        "breach_at": "2026-03-02T12:00:00Z",
        "flagged_at": None,
        "resumes_at": None,
        "done_at": None,
        "done_by": "",
        "ended_at": None,
        "elapsed_seconds": None,
        "late_seconds": None,
        "cancelled_reason": "",
        "pauses": 0,
        "logged_late": False,
        "self_reported": False,
        "by_silence": False,
        "by_hand": True,
        "although_met": False,
        "excepted": False,
        "source": "webinar",
        "campaign": None,
        "segment": "retail",
        "country": "",
    }
    (other,) = api("clocks/?promise=acceptance").json()["results"]
    assert (other["promise"], other["due_at"][11:16]) == ("acceptance", "14:00")


def test_a_breach_that_was_mended_late(api, at, lead):
    sweep_all(at + 2.5 * HOUR)
    call(lead, at + 3 * HOUR, proof="self_reported")

    row = api(f"clocks/{clock_of(lead).pk}/").json()

    wanted = {
        "state": "breached",
        "flagged_at": "2026-03-02T12:30:00Z",
        "done_at": "2026-03-02T13:00:00Z",
        "done_by": "touch",
        "ended_at": "2026-03-02T12:00:00Z",
        "elapsed_seconds": 3 * 3_600,
        "late_seconds": 3_600,
        "self_reported": True,
        "waiting": False,
    }
    assert {name: row[name] for name in wanted} == wanted


def test_lists_are_filtered(at, lead, told, sally):
    team = make_team(name="Warsaw")
    other = make_user(Role.SALES_REP, team=team)
    two = make_lead(owner_id=other.pk, source="")
    move(two, "mql", at + HOUR)
    call(two, at + 1.5 * HOUR)
    sweep_all(at + 2.5 * HOUR)
    contact, decision = "first_response", "acceptance"
    first, second = ([(pk, decision), (pk, contact)] for pk in (lead.pk, two.pk))
    decisions = [first[0], second[0]]

    assert told("") == [*first, *second]
    assert told("promise=acceptance") == decisions
    assert told("state=met") == [(two.pk, contact)]
    assert told("state=running") == decisions
    assert told("breached=true") == [(lead.pk, contact)]
    assert told("breached=false") == [first[0], *second]
    assert told("waiting=false") == [(two.pk, contact)]
    assert told("history=true") == []
    assert told("excepted=true") == []
    assert told(f"lead={lead.pk}") == first
    assert told(f"owner={sally.pk}") == first
    assert told(f"team={team.pk}") == second
    clause = clock_of(lead).clause_id
    assert told(f"clause={clause}&source=") == [(two.pk, contact)]
    assert told("source=webinar&segment=retail") == first
    assert told("due_at_after=2026-03-02T14:00:00Z") == decisions
    assert told("due_at_before=2026-03-02T13:00:00Z") == [(lead.pk, contact)]
    assert told("ended_at_before=2026-03-02T12:00:00Z") == [(two.pk, contact)]
    assert told("started_at_after=2026-03-02T11:00:00Z") == second


def test_a_breach_stays_one_when_the_lead_turns_out_to_be_spam(at, lead, told):
    sweep_all(at + 2.5 * HOUR)
    leads.exclude([lead.pk], Exclusion.SPAM, by=None, at=at + 3 * HOUR)

    assert told("breached=true&state=cancelled") == [(lead.pk, "first_response")]


def test_pages_follow_what_is_due_next(api, at, lead):
    move(make_lead(), "mql", at + HOUR)

    seen, path = [], "/api/v1/clocks/?state=running&ordering=breach_at&page_size=3"
    while path:
        page = api(path.split("/api/v1/")[1]).json()
        seen.append([row["breach_at"][11:16] for row in page["results"]])
        path = page["next"]

    assert seen == [["12:00", "13:00", "14:00"], ["15:00"]]


@pytest.mark.parametrize(
    "query",
    ["promise=volume", "state=late", "team=x", "due_at_after=2026-03-02", "x=1"],
)
def test_wrong_parameters_are_refused(api, query):
    answer = api(f"clocks/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (
        400,
        "application/problem+json",
    )
    assert answer.json()["errors"][0]["parameter"] == query.split("=")[0]


def test_a_clock_explains_why_it_is_due_then(api, lead, sally, at, monkeypatch):
    """Two hours from Friday 17:00 on: one until closing, one on Monday morning."""
    friday = at + timedelta(days=4, hours=5)  # 17:00 in Bucharest, open until 18:00
    move(lead, "recycled", at + HOUR, cause="refused", reason="no_budget")
    move(lead, "mql", friday)
    monkeypatch.setattr(time, "now", lambda: friday + HOUR / 2)
    clock = clock_of(lead, round_=2)

    told = api(f"clocks/{clock.pk}/").json()["explanation"]

    (holder,) = told.pop("holders")
    stretches = holder.pop("stretches")
    assert told == {
        "as_of": "2026-03-06T15:30:00Z",
        "until_at": "2026-03-09T08:00:00Z",
        "elapsed_seconds": 1_800,
        "late_seconds": None,
        "pauses": [],
    }
    assert holder == {
        "owner": sally.pk,
        "calendar": clock.calendar_id,
        "starts_at": "2026-03-06T15:00:00Z",
        "ends_at": None,
        "elapsed_seconds": 1_800,
    }
    assert stretches[0] == {
        "starts_at": "2026-03-06T15:00:00Z",
        "ends_at": "2026-03-06T15:30:00Z",
        "cause": "open",
        "name": "",
        "seconds": 1_800,
        "counted": True,
        "to_come": False,
    }
    assert [
        (one["ends_at"], one["cause"], one["seconds"], one["counted"], one["to_come"])
        for one in stretches[1:]
    ] == [
        ("2026-03-06T16:00:00Z", "open", 1_800, True, True),
        ("2026-03-06T22:00:00Z", "off_hours", 21_600, False, True),
        ("2026-03-08T22:00:00Z", "weekend", 172_800, False, True),
        ("2026-03-09T07:00:00Z", "off_hours", 32_400, False, True),
        ("2026-03-09T08:00:00Z", "open", 3_600, True, True),
    ]


def test_it_names_pauses_and_hand_overs(api, at, lead, sally):
    asked = call(lead, at + HOUR / 2, direction="inbound", team="")
    wish = Wish(PauseReason.LEAD_ASKED, at + 2 * HOUR, asked)
    pauses.pause(clock_of(lead), wish, by=sally, at=at + HOUR)
    warsaw = make_team(name="Warsaw")
    other = make_user(Role.SALES_REP, team=warsaw)
    leads.change(lead, {"owner_id": other.pk}, by=None, at=at + 2.5 * HOUR)

    row = api(f"clocks/{clock_of(lead).pk}/").json()

    told = row["explanation"]
    assert (row["owner"], row["team"], row["pauses"]) == (other.pk, warsaw.pk, 1)
    assert told["pauses"] == [
        {
            "reason": "lead_asked",
            "starts_at": "2026-03-02T11:00:00Z",
            "until_at": "2026-03-02T12:00:00Z",
            "ended_at": None,
            "started_by": sally.pk,
            "evidence": asked.pk,
        }
    ]
    holders = [
        (h["owner"], h["ends_at"], h["elapsed_seconds"]) for h in told["holders"]
    ]
    assert holders == [
        (sally.pk, "2026-03-02T12:30:00Z", 5_400),
        (other.pk, None, 1_800),
    ]


def test_an_unknown_clock_is_a_problem(api):
    answer = api("clocks/1/")

    assert (answer.status_code, answer["Content-Type"]) == (
        404,
        "application/problem+json",
    )


def test_the_list_has_a_constant_number_of_statements(api, at, count_queries):
    def show(leads_more):
        for _ in range(leads_more):
            owner = make_user(Role.SALES_REP, team=make_team())
            move(make_lead(owner_id=owner.pk), "mql", at)
        return count_queries(api, "clocks/")

    assert show(1) == show(2)
