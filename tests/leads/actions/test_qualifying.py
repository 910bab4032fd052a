"""Whoever meets the definition in force becomes MQL, by itself and once."""

from datetime import date, timedelta

import pytest

from foundation.jobs.models import Job
from foundation.ledger import actions as ledger
from leads.actions import companies, decisions, leads, qualifying, touchpoints
from leads.actions.leads import NewLead
from leads.actions.touchpoints import Touch
from leads.enums import Stage
from leads.models import Lead, Reason, StageChange, Touchpoint, Unjudged
from sla.models import Clock
from tests.factories.definitions import LARGE, RULES, define
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FAIR = {"rules": {"field": "lead.source", "op": "is", "value": "fair"}}


@pytest.fixture
def large():
    return make_company(employees=80)


def demo(lead, when, *, by=None, at=None):
    values = {"type": "demo_request", "direction": "inbound"}
    return touchpoints.log(Touch(lead.pk, when, values), by=by, at=at or when)


def reached(lead):
    rows = StageChange.objects.filter(lead=lead, to_stage="mql", in_force=True)
    return list(rows.values_list("occurred_at", "cause", "definition_id", "round"))


@pytest.fixture
def reason(db):
    return Reason.objects.get_or_create(
        kind="refuse", code="no_budget", defaults={"label_en": "No budget"}
    )[0]


def test_a_touch_makes_it_an_mql_stamped_with_the_version(large, at):
    held = define()
    lead = make_lead(company=large)
    assert reached(lead) == []

    demo(lead, at)

    assert reached(lead) == [(at, "definition", held.pk, 1)]
    assert Clock.objects.filter(lead=lead).count() == 2


def test_a_lead_that_meets_it_at_once_is_one_at_once(at):
    held = define(FAIR)

    lead = make_lead(source="Fair", at=at, created_at=at)

    assert reached(lead) == [(at, "definition", held.pk, 1)]


def test_changes_of_lead_and_company_are_heeded(at):
    define({"rules": {"all": [LARGE, FAIR["rules"]]}})
    company = make_company(employees=10)
    lead = make_lead(company=company)

    leads.change(lead, {"source": "fair"}, by=None, at=at)
    assert reached(lead) == []
    companies.change(company, {"employees": 50}, by=None, at=at + DAY)

    assert [row[0] for row in reached(lead)] == [at + DAY]


def test_falling_below_takes_nothing_back(at):
    define(FAIR)
    lead = make_lead(source="fair")

    leads.change(lead, {"source": "other"}, by=None, at=at)

    lead.refresh_from_db()
    assert lead.stage == "mql"


def test_without_definition_nothing_happens(at):
    lead = make_lead(source="fair")
    assert reached(lead) == []


@pytest.mark.parametrize("exclusion", ["test", "spam", "existing"])
def test_who_is_left_out_is_not_judged(exclusion, at):
    define(FAIR)
    lead = make_lead()
    leads.exclude([lead.pk], exclusion, by=None, at=at)

    leads.change(lead, {"source": "fair"}, by=None, at=at)

    assert reached(lead) == []


def test_history_qualifies_nobody(at, large):
    define()
    old = make_lead(company=large)
    touchpoints.log_many(
        [Touch(old.pk, at, {"type": "demo_request", "direction": "inbound"})],
        by=None,
        at=at,
        live=False,
    )

    assert reached(old) == []
    assert Unjudged.objects.count() == 0


def test_what_was_told_a_day_late_qualifies_nobody(at, large):
    define()
    lead = make_lead(company=large)

    demo(lead, at, at=at + 2 * DAY)

    assert reached(lead) == []


def test_many_are_left_to_a_worker(at, large):
    define()
    many = [make_lead(company=large) for _ in range(qualifying.FEW + 1)]
    values = {"type": "demo_request", "direction": "inbound"}
    touches = [Touch(lead.pk, at, values) for lead in many for _ in range(4)]

    touchpoints.log_many(touches, by=None, at=at)
    assert Lead.objects.filter(stage="mql").count() == 0
    assert Unjudged.objects.count() == len(many)
    while qualifying.judge_next(at=at):
        pass

    assert Lead.objects.filter(stage="mql").count() == len(many)
    assert qualifying.judge_next(at=at) == 0
    assert StageChange.objects.filter(to_stage="mql").count() == len(many)


@pytest.mark.parametrize("number", [1, 3, 200])
def test_judging_costs_the_same_for_one_and_many(number, at, large, count_queries):
    define()
    rows = [make_lead(company=large) for _ in range(number)]
    values = {"type": "demo_request", "direction": "inbound"}
    touches = [Touch(lead.pk, at, values) for lead in rows]
    with ledger.entry(by=None, at=at):
        for lead in rows:
            Unjudged.objects.create(lead=lead)
        touchpoints.log_many(touches, by=None, at=at, live=False)

    def judge():
        with ledger.entry(by=None, at=at):
            assert qualifying.judge_next(at=at) == number

    assert count_queries(judge) == count_queries_of_one(count_queries, at, large)


def test_re_judging_after_ten_thousand_touches_costs_as_much_as_after_a_thousand(
    at, large, count_queries
):
    """Five touches a lead: two thousand leads are judged, or two hundred."""
    define()

    def touched(number):
        values = {"source": "web", "company_id": large.pk}
        new = [
            NewLead({**values, "email": f"p{number}-{n}@alfa.example"}, at - DAY)
            for n in range(number // 5)
        ]
        rows = leads.create_many(new, by=None, at=at - DAY)
        kinds = ["demo_request", "visit", "visit", "click", "download"]
        touches = [
            Touch(row.pk, at, {"type": kind, "direction": "inbound"})
            for row in rows
            for kind in kinds
        ]
        touchpoints.log_many(touches, by=None, at=at)
        assert (
            Touchpoint.objects.filter(lead_id__in=[row.pk for row in rows]).count()
            == number
        )
        assert Unjudged.objects.count() == len(rows)

        def judge():
            with ledger.entry(by=None, at=at):
                assert qualifying.judge_next(at=at) == len(rows)

        statements = count_queries(judge)
        assert Lead.objects.filter(
            pk__in=[row.pk for row in rows], stage="mql"
        ).count() == len(rows)
        return statements

    assert qualifying.BATCH == 2_000
    assert touched(10_000) == touched(1_000)


def count_queries_of_one(count_queries, at, company):
    lead = make_lead(company=company)
    touch = Touch(lead.pk, at, {"type": "demo_request", "direction": "inbound"})
    with ledger.entry(by=None, at=at):
        Unjudged.objects.create(lead=lead)
        touchpoints.log_many([touch], by=None, at=at, live=False)

    def judge():
        with ledger.entry(by=None, at=at):
            assert qualifying.judge_next(at=at) == 1

    return count_queries(judge)


def test_sent_back_it_comes_again_on_its_re_entry_date(at, sally, reason):
    define(FAIR)
    lead = make_lead(source="fair", owner=sally)
    decisions.refuse(
        lead, reason=reason.code, by=sally, at=at, re_entry_on=date(2026, 3, 20)
    )
    later = at.replace(day=20)

    qualifying.judge([lead.pk], at=later - DAY)
    assert [row[3] for row in reached(lead)] == [1]
    assert qualifying.left_by_day(at=later) == 1
    qualifying.judge_next(at=later)

    assert [(row[0], row[3]) for row in reached(lead)][1:] == [(later, 2)]


def test_sent_back_without_date_it_comes_again_by_its_own_doing(at, sally, reason):
    define(FAIR)
    lead = make_lead(source="fair", owner=sally)
    decisions.refuse(lead, reason=reason.code, by=sally, at=at)

    leads.change(lead, {"job_title": "Buyer"}, by=None, at=at + DAY)
    assert [row[3] for row in reached(lead)] == [1]
    demo(lead, at + 2 * DAY)

    assert [(row[0], row[3]) for row in reached(lead)][1:] == [(at + 2 * DAY, 2)]


def test_a_refusal_of_a_lead_that_meets_all_criteria_is_marked(at, sally, reason):
    define(FAIR)
    meets, not_any_more = make_lead(source="fair"), make_lead(source="fair")
    leads.change(not_any_more, {"source": "other"}, by=None, at=at)

    for lead in (meets, not_any_more):
        decisions.refuse(lead, reason=reason.code, by=sally, at=at)

    told = StageChange.objects.filter(to_stage="recycled").order_by("lead_id")
    assert list(told.values_list("although_met", flat=True)) == [True, False]


def test_a_day_brings_leads_whose_wait_is_over(at):
    quiet = {
        "rules": {
            "touches": {"direction": "outbound"},
            "op": "at_most",
            "value": 0,
            "within_days": 7,
        }
    }
    lead = make_lead(created_at=at)
    touch = Touch(lead.pk, at, {"type": "call", "direction": "outbound"})
    touchpoints.log(touch, by=None, at=at)
    other = make_lead(created_at=at)
    touchpoints.log(
        Touch(other.pk, at + 3 * DAY, touch.values), by=None, at=at + 3 * DAY
    )
    held = define(quiet, at=at + 4 * DAY)

    def left_on(now):
        qualifying.left_by_day(at=now)
        left = set(Unjudged.objects.values_list("pk", flat=True))
        qualifying.judge_next(at=now)
        return left

    now = at + 8 * DAY
    assert (left_on(at + 7 * DAY), left_on(now)) == (set(), {lead.pk})
    assert [row[:3] for row in reached(lead)] == [(now, "definition", held.pk)]
    assert reached(other) == []


def test_days_on_which_nothing_ran_are_made_up_for(at, sally, reason):
    quiet = {
        "rules": {
            "touches": {"direction": "outbound"},
            "op": "last_before_days",
            "value": 7,
        }
    }
    lead = make_lead(created_at=at)
    returning = make_lead(created_at=at, stage="mql", stage_at=at)
    touch = Touch(lead.pk, at, {"type": "call", "direction": "outbound"})
    touchpoints.log(touch, by=None, at=at)
    long_ago = Touch(returning.pk, at - 30 * DAY, touch.values)
    touchpoints.log(long_ago, by=None, at=at)
    decisions.refuse(
        returning,
        reason=reason.code,
        by=sally,
        at=at,
        re_entry_on=(at + 9 * DAY).date(),
    )
    define(quiet, at=at + DAY)
    assert qualifying.left_by_day(at=at + 6 * DAY) == 0

    now = at + 11 * DAY
    assert qualifying.left_by_day(at=now) == 2
    qualifying.judge_next(at=now)

    assert [row[0] for row in reached(lead)] == [now]
    assert now in [row[0] for row in reached(returning)]
    assert qualifying.left_by_day(at=now + DAY) == 0


def test_a_new_definition_looks_at_everybody_once(at):
    lead, other = make_lead(source="fair"), make_lead(source="other")
    held = define(FAIR, at=at)

    assert (
        Job.objects.filter(kind="leads.judge_all")
        .values_list("due_at", flat=True)
        .get()
        == at
    )
    qualifying.judge_all_later()
    qualifying.judge_next(at=at)

    assert [row[2] for row in reached(lead)] == [held.pk]
    assert reached(other) == []


def test_by_hand_needs_a_reason_and_is_marked(at, mark):
    held = define(RULES)
    Reason.objects.get_or_create(
        kind="by_hand", code="met_in_person", defaults={"label_en": "Met in person"}
    )
    lead = make_lead()

    decisions.qualify(lead, Stage.MQL, reason="met_in_person", by=mark, at=at)

    change = StageChange.objects.get(lead=lead, to_stage="mql")
    assert (change.cause, change.reason, change.definition_id) == (
        "hand",
        "met_in_person",
        held.pk,
    )
