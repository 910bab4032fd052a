"""What became of the leads of a dry run, beside a calculation by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.models import RevenueEntry
from foundation.jobs.actions import running
from foundation.ledger import actions as ledger
from kpis.domain.dry_runs import STEPS, last_quarter, window
from kpis.queries import dry_runs as queries
from kpis.queries.reading import reading
from leads.enums import Cause
from tests.factories.dry_runs import make_dry_run
from tests.factories.leads import make_company, make_lead, move
from tests.leads.actions.test_dry_runs import a_lead, an_mql, on

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def pays(lead, kind, day, amount="100", currency="EUR"):
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    customer = {"company_id": lead.company_id} if lead.company_id else {"lead": lead}
    with ledger.entry(by=None, at=at) as entry:
        RevenueEntry.objects.create(
            entry_id=entry.pk,
            kind=kind,
            starts_on=day,
            amount=Decimal(amount),
            currency=currency,
            recorded_at=at,
            **customer,
        )


def buys(lead, at):
    assert move(lead, "customer", at, cause=Cause.DEAL) == "advanced"
    return lead


def worked():
    run = make_dry_run()
    assert running.run_next("long")
    run.refresh_from_db()
    return run


def told(run, at=NOW):
    with reading(at=at) as seen:
        groups = queries.told(run, seen)
    return {(group.outcome, group.source): group for group in groups}


def reached(group):
    return {step: group.reach[step].reached for step in STEPS}


def listed(run, outcome, part="all", source=None, at=NOW):
    with reading(at=at) as seen:
        rows = queries.leads_of(run, seen, outcome, part=part, source=source)
        return set(rows.values_list("pk", flat=True))


def test_what_became_of_each_group_is_what_a_hand_finds():
    met = [an_mql(on(2, 10), on(2, 1)) for _ in range(5)]
    with_sql, stays, leaves, once, late = met
    move(with_sql, "sql", on(3, 1))
    for lead in (stays, leaves, once):
        buys(lead, on(4, 10))
    buys(late, on(8, 1))
    pays(stays, "new", date(2026, 4, 10))
    pays(leaves, "new", date(2026, 4, 10))
    pays(leaves, "contraction", date(2026, 5, 1), "40")
    pays(leaves, "churn", date(2026, 7, 9), "60")
    pays(once, "one_off", date(2026, 4, 10))
    pays(late, "new", date(2026, 8, 1))
    missed = an_mql(on(2, 10), on(2, 11), source="fair")
    move(missed, "sql", on(3, 1))
    newly = a_lead(on(3, 20))

    run = worked()
    found = told(run)

    same = found["same", None]
    assert (same.n, reached(same)) == (
        5,
        {"sql": 5, "opportunity": 4, "customer": 4, "active_3m": 1, "active_12m": 0},
    )
    assert [same.reach[step].waiting for step in STEPS] == [0, 0, 0, 1, 4]
    assert [same.reach[step].mature for step in STEPS] == [True] * 3 + [False] * 2
    assert same.reach["customer"].value == Decimal("0.8")
    assert same.reach["customer"].small
    ends = same.reach["customer"].interval
    assert (round(ends.low, 4), round(ends.high, 4)) == (
        Decimal("0.3755"),
        Decimal("0.9638"),
    )
    assert reached(found["no_longer", None]) == {
        "sql": 1,
        "opportunity": 0,
        "customer": 0,
        "active_3m": 0,
        "active_12m": 0,
    }
    assert found["no_longer", "fair"].n == found["no_longer", None].n == 1
    assert found["same", "web"].reach == same.reach
    assert set(reached(found["newly", None]).values()) == {0}

    assert listed(run, "same") == {lead.pk for lead in met}
    assert listed(run, "same", "only_sql") == {with_sql.pk}
    assert listed(run, "same", "active_3m") == {stays.pk}
    assert listed(run, "no_longer", "sql", "fair") == {missed.pk}
    assert listed(run, "no_longer", source="web") == set()
    assert listed(run, "newly", "no_sql") == {newly.pk}


def test_every_figure_has_as_many_leads_as_it_says():
    for number in range(6):
        lead = an_mql(on(2, 10), on(2, 1)) if number % 2 else a_lead(on(3, 20))
        if number > 2:
            buys(lead, on(4, number))
            pays(lead, "new", date(2026, 4, number))
    run = worked()

    for (outcome, source), group in told(run).items():
        assert len(listed(run, outcome, source=source)) == group.n
        for step in STEPS:
            count = group.reach[step].reached
            assert len(listed(run, outcome, step, source)) == count


def test_a_customer_leaves_at_the_end_of_the_third_month_or_after_it():
    """As retention counts: active as the day begins that is three months later."""
    last_day, a_day_later = (buys(an_mql(on(2, 10), on(2, 1)), on(4, 10)) for _ in "ab")
    for lead, day in ((last_day, 9), (a_day_later, 10)):
        pays(lead, "new", date(2026, 4, 10))
        pays(lead, "churn", date(2026, 7, day))

    run = worked()

    assert listed(run, "same", "active_3m") == {a_day_later.pk}


def test_people_of_a_company_are_one_customer_active_in_any_currency():
    company = make_company()
    lead = an_mql(on(2, 10), on(2, 1), company_id=company.pk)
    buys(lead, on(4, 10))
    pays(lead, "new", date(2026, 4, 10), "50", "EUR")
    pays(lead, "churn", date(2026, 5, 1), "50", "EUR")
    pays(lead, "new", date(2026, 5, 1), "10", "PLN")

    assert reached(told(worked())["same", None])["active_3m"] == 1


def test_a_day_is_one_of_the_workspace():
    """At 22:30 in London it is the next day in Bucharest."""
    lead = buys(an_mql(on(2, 10), on(2, 1)), on(4, 10, 22, 30))
    pays(lead, "new", date(2026, 4, 11))
    pays(lead, "churn", date(2026, 7, 11))
    run = worked()

    before, after = (
        told(run, datetime(2026, 7, day, 9, tzinfo=UTC))["same", None].reach[
            "active_3m"
        ]
        for day in (10, 11)
    )
    assert (before.waiting, before.reached) == (1, 0)
    assert (after.waiting, after.reached) == (0, 1)


def test_a_group_grows_until_its_leads_have_had_the_usual_time():
    an_mql(on(2, 10), on(2, 1))
    run = worked()
    last = datetime(2026, 6, 30, 12, tzinfo=UTC)  # ninety days after the window

    before = told(run, last - DAY)["same", None]
    after = told(run, last)["same", None]
    assert {reach.mature for reach in before.reach.values()} == {False}
    assert {reach.mature for reach in after.reach.values()} == {True}


def test_what_came_before_the_moment_is_not_later():
    """A lead that was skipped past MQL is judged as it went, and came further then."""
    lead = a_lead(on(2, 20))
    buys(lead, on(3, 1))
    assert reached(told(worked())["newly", None])["customer"] == 1


def test_it_is_one_statement_for_one_lead_and_for_many():
    def statements(run):
        with reading(at=NOW) as seen, CaptureQueriesContext(connection) as caught:
            queries.told(run, seen)
        return len(caught.captured_queries)

    an_mql(on(2, 10), on(2, 1))
    one = statements(worked())
    for _ in range(5):
        buys(an_mql(on(2, 10), on(2, 1)), on(4, 10))
    make_lead()

    assert statements(worked()) == one == 1


def test_a_window_has_the_name_of_its_period():
    assert window(date(2026, 1, 1), date(2026, 4, 1)).label == "2026-Q1"
    assert window(date(2026, 1, 1), date(2026, 2, 1)).label == "2026-01"
    assert window(date(2026, 1, 2), date(2026, 4, 1)).label == "2026-01-02/2026-03-31"
    assert last_quarter(date(2026, 4, 1)).label == "2026-Q1"
    assert last_quarter(date(2026, 3, 31)).label == "2025-Q4"
