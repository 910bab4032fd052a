"""What second chances came to, beside a calculation by hand; also as of a position."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from foundation.ledger import queries as ledger
from kpis.queries import bottleneck, second_chances
from kpis.queries.cards import finding
from kpis.queries.reading import reading
from kpis.queries.second_chances import Group, Span
from leads.actions import corrections, leads, stages
from leads.enums import Cause, Exclusion, Stage
from leads.models import StageChange
from tests.factories.leads import make_lead, move
from tests.factories.second_chances import make_second_chance

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ENTERED = datetime(2025, 10, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPAN = Span(ENTERED - DAY, NOW)
PART_OF = {"all": "leads", "sql": "sqls", "customer": "customers"}


def results(span=SPAN, as_of=None):
    with reading(at=NOW, as_of=as_of) as seen:
        found = second_chances.results(seen, span)
        for group, told in found.items():
            for part, name in PART_OF.items():
                rows = second_chances.records(seen, span, group, part)
                assert rows.count() == getattr(told, name)
    return found


def an_accepted(at=ENTERED, cause=Cause.ACCEPTED):
    lead = make_lead(created_at=at - DAY)
    assert move(lead, "mql", at, cause=Cause.IMPORT) == "advanced"
    assert move(lead, "sal", at + DAY, cause=cause) == "advanced"
    return lead


def test_nobody_is_told_before_sales_has_decided_again():
    make_second_chance(ENTERED, decided=False)
    assert results() == {"sample": Group(0, 0, 0), "accepted": Group(0, 0, 0)}


def test_both_groups_are_what_a_hand_counts():
    make_second_chance(ENTERED)
    make_second_chance(ENTERED, won_at=ENTERED + 20 * DAY)
    make_second_chance(ENTERED - 2 * DAY, won_at=ENTERED)
    an_accepted()
    move(an_accepted(), "sql", ENTERED + 3 * DAY)
    an_accepted(cause=Cause.SILENCE)
    an_accepted(at=ENTERED - 3 * DAY)
    spam = [make_second_chance(ENTERED), an_accepted()]
    leads.exclude([lead.pk for lead in spam], Exclusion.SPAM, by=None, at=NOW)

    assert results() == {"sample": Group(2, 1, 1), "accepted": Group(2, 1, 0)}


def test_with_a_window_only_what_came_in_time_counts():
    make_second_chance(ENTERED, won_at=ENTERED + 90 * DAY + timedelta(hours=9))
    make_second_chance(ENTERED, won_at=ENTERED + 91 * DAY)
    within = Span(SPAN.since, SPAN.until, within=90)

    assert results(within)["sample"] == Group(2, 1, 1)
    assert results()["sample"] == Group(2, 2, 2)


def test_later_facts_do_not_move_what_was_told_as_of_a_position():
    first = make_second_chance(ENTERED)
    accepted = an_accepted()
    position, before = ledger.position(), results()
    assert before == {"sample": Group(1, 0, 0), "accepted": Group(1, 0, 0)}

    make_second_chance(ENTERED)
    move(first, "customer", ENTERED + 9 * DAY, cause=Cause.DEAL)
    change = StageChange.objects.get(lead=accepted, to_stage="sal")
    corrections.withdraw_changes([change.pk], by=None, at=NOW)
    leads.exclude([first.pk], Exclusion.TEST, by=None, at=NOW)

    assert results() == {"sample": Group(1, 0, 0), "accepted": Group(0, 0, 0)}
    assert results(as_of=position) == before


def summer(number=60):
    """Sixty qualified last summer: twenty were accepted, ten became customers."""
    at = datetime(2025, 8, 12, 9, tzinfo=UTC)
    rows = [make_lead(created_at=at, stage=Stage.MQL) for _ in range(number)]
    for days, (reached, count) in enumerate(
        [
            (Stage.SAL, 20),
            (Stage.SQL, 20),
            (Stage.OPPORTUNITY, 20),
            (Stage.CUSTOMER, 10),
        ],
        1,
    ):
        when = at + timedelta(days=days)
        wishes = [
            stages.Advance(row.pk, reached, when, Cause.IMPORT) for row in rows[:count]
        ]
        stages.advance_many(wishes, by=None, at=NOW)


@pytest.fixture
def acceptance(sally):
    """The step that all of this is about, with nine in ten agreed."""
    from kpis.actions.targets import set_target  # noqa: PLC0415

    summer()
    goal = Decimal("0.9")
    set_target("mql_to_sal", goal, period="2025-Q3", by=sally, at=NOW)

    def judge(as_of=None):
        with reading(at=NOW, as_of=as_of) as seen:
            found = bottleneck.find(seen)
            return (
                found,
                next(s for s in found.steps if s.stage == "mql"),
                finding(seen),
            )

    return judge


def test_below_thirty_refused_leads_convert_half_as_well_as_accepted_ones(acceptance):
    """(0.9 - 20/60) x 60 x half of 10/20 = 8.5 customers."""
    for number in range(29):
        make_second_chance(ENTERED, won_at=ENTERED + DAY * 9 if number < 3 else None)

    found, step, _ = acceptance()

    assert (found.second_chance.leads, found.second_chance.customers) == (29, 3)
    assert found.second_chance.rate is None
    assert step.assumption == "half_of_accepted"
    assert round(step.customers, 6) == Decimal("8.5")


def test_from_thirty_on_they_convert_like_the_sample_within_the_same_window(acceptance):
    """(0.9 - 20/60) x 60 x 3/30 = 3.4 customers; a fourth bought on day 91."""
    for number in range(30):
        won = {0: 9, 1: 50, 2: 90, 3: 91}.get(number)
        make_second_chance(ENTERED, won_at=won and ENTERED + won * DAY)
    make_second_chance(NOW - 60 * DAY, won_at=NOW - 50 * DAY)  # has not had its time

    found, step, told = acceptance()

    assert (found.second_chance.leads, found.second_chance.customers) == (30, 3)
    assert found.second_chance.rate == Decimal("0.1")
    assert step.assumption == "second_chance"
    assert round(step.customers, 6) == Decimal("3.4")
    assert told["second_chance"] == {"leads": 30, "customers": 3}


def test_a_finding_at_a_position_is_the_same_when_it_is_worked_out_again(acceptance):
    for number in range(30):
        make_second_chance(ENTERED, won_at=ENTERED + DAY if number < 3 else None)
    make_lead(created_at=NOW, at=NOW)
    position, before = ledger.position(), acceptance()[2]

    for _ in range(10):
        make_second_chance(ENTERED, won_at=ENTERED + DAY)

    assert acceptance()[2]["second_chance"] == {"leads": 40, "customers": 13}
    assert acceptance(as_of=position)[2] == before
