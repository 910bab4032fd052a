"""A definition of SQL tried out on the first quarter of 2026: whom it would judge."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.actions import corrections
from leads.enums import Cause, Stage
from leads.models import StageChange
from tests.factories.dry_runs import make_draft, make_dry_run
from tests.factories.leads import move
from tests.leads.actions.test_dry_runs import END, a_lead, an_mql, found, on, worked

pytestmark = pytest.mark.django_db
BEFORE = datetime(2025, 12, 1, 8, tzinfo=UTC)
LAST_YEAR = datetime(2025, 12, 20, 9, tzinfo=UTC)
"""Inside the window of nobody: it begins with the year."""


def an_sal(*touches, at=None, **values):
    lead = an_mql(at or on(1, 20), *touches, **values)
    assert move(lead, "sal", at or on(1, 21), cause=Cause.ACCEPTED) == "advanced"
    return lead


def leaves(lead, to, at):
    assert move(lead, to, at, cause=Cause.IMPORT) == "advanced"


def of_sql(criteria=None):
    version = make_draft(*[criteria] if criteria else [], stage=Stage.SQL)
    return worked(make_dry_run(version))


def test_each_lead_is_in_the_group_that_a_hand_finds_for_it():
    met = an_sal(on(2, 1))
    move(met, "sql", on(2, 10))
    asked_afterwards = an_sal(on(2, 10, 10))
    move(asked_afterwards, "sql", on(2, 10))
    at_once = a_lead(on(2, 1))
    move(at_once, "sql", on(2, 10))
    waiting, accepted = an_mql(on(1, 20), on(3, 20)), an_sal(on(3, 20))
    an_sal(on(2, 1))
    refused = an_mql(on(1, 20), on(2, 1))
    leaves(refused, "recycled", on(2, 10))
    lost = an_sal(on(2, 1))
    leaves(lost, "lost", on(2, 10))
    bought = an_sal(on(2, 20))
    move(bought, "customer", on(3, 1), cause=Cause.DEAL)
    later = an_sal(on(3, 20))
    move(later, "sql", on(4, 10))

    run = of_sql()

    assert found(run) == {
        "same": {met.pk: on(2, 10), at_once.pk: on(2, 10)},
        "no_longer": {asked_afterwards.pk: on(2, 10)},
        "newly": {
            waiting.pk: END,
            accepted.pk: END,
            refused.pk: on(2, 10),
            lost.pk: on(2, 10),
            bought.pk: on(3, 1),
            later.pk: END,
        },
    }
    assert run.results == {"judged": 10, "same": 2, "no_longer": 1, "newly": 6}


def test_who_was_never_handed_over_or_had_been_decided_before_is_not_judged():
    a_lead(on(3, 20))
    self_service = a_lead(on(2, 20))
    move(self_service, "customer", on(3, 1), cause=Cause.DEAL)
    never_good = a_lead(on(2, 1))
    leaves(never_good, "disqualified", on(2, 10))
    decided = an_sal(on(3, 20), created_at=BEFORE, at=LAST_YEAR)
    move(decided, "sql", LAST_YEAR + timedelta(days=1))
    given_back = an_mql(LAST_YEAR, on(3, 20), created_at=BEFORE)
    leaves(given_back, "recycled", LAST_YEAR + timedelta(days=1))
    handed_over_later = a_lead(on(3, 20))
    move(handed_over_later, "mql", END, cause=Cause.DEFINITION)

    run = of_sql()

    assert run.results == {"judged": 0, "same": 0, "no_longer": 0, "newly": 0}


def test_a_lead_that_came_back_is_judged_once_where_it_stood_last():
    back = an_mql(on(1, 20), on(3, 20))
    leaves(back, "recycled", on(2, 1))
    move(back, "mql", on(3, 1), cause=Cause.RETURNED)
    twice = an_mql(on(1, 20), on(2, 1), on(3, 20))
    leaves(twice, "recycled", on(2, 2))
    move(twice, "mql", on(3, 1), cause=Cause.RETURNED)
    leaves(twice, "recycled", on(3, 25))
    older = an_mql(LAST_YEAR, on(3, 20), created_at=BEFORE)
    leaves(older, "recycled", LAST_YEAR + timedelta(days=1))
    move(older, "mql", on(3, 1), cause=Cause.RETURNED)

    assert found(of_sql())["newly"] == {
        back.pk: END,
        twice.pk: on(3, 25),
        older.pk: END,
    }


def test_a_decision_that_was_taken_back_was_none():
    lead = an_sal(on(3, 20))
    move(lead, "sql", on(2, 10))
    change = StageChange.objects.get(lead=lead, to_stage="sql")
    corrections.withdraw_changes([change.pk], by=None, at=on(5, 1))

    assert found(of_sql())["newly"] == {lead.pk: END}


def test_stage_and_since_when_are_those_just_before():
    """A day as SAL is no day where MQL was skipped past, and none once SQL."""
    wanted = {
        "rules": {
            "all": [
                {"field": "lead.stage", "op": "is", "value": "sal"},
                {"field": "lead.stage_since_at", "op": "within_days", "value": 20},
            ]
        }
    }
    lately = an_sal()
    move(lately, "sql", on(2, 10))
    long_ago = an_sal()
    move(long_ago, "sql", on(2, 11))
    not_accepted = an_mql(on(2, 1))
    move(not_accepted, "sql", on(2, 10))
    given_up = an_sal()
    leaves(given_up, "lost", on(2, 5))
    an_sal()

    assert found(of_sql(wanted)) == {
        "same": {lately.pk: on(2, 10)},
        "no_longer": {long_ago.pk: on(2, 11), not_accepted.pk: on(2, 10)},
        "newly": {given_up.pk: on(2, 5)},
    }
