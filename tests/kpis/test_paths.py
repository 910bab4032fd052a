from datetime import UTC, datetime, timedelta

import pytest

from foundation.kernel.periods import parse
from kpis.actions import facts
from kpis.domain.questions import Question
from kpis.domain.writing import written
from kpis.queries import values
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def shown(key, period="2026", at=AT, **asked):
    series = values.value(Question(key, parse(period), **asked), at=at)
    return {
        (value.split, value.period.label): (
            value.measure.numerator,
            value.measure.denominator,
            written(value.measure.value, series.unit),
        )
        for value in series.values
    }


@pytest.fixture(params=["from rows", "from daily facts"])
def worked(request):
    """Ask before and after the worker has been there: the answers are the same."""

    def work():
        if request.param == "from daily facts":
            facts.refresh_all()
            assert not facts.are_owed()

    return work


def test_a_cohort_is_counted_by_where_its_leads_came_from(worked, at):
    for source, until in [
        ("web", "sql"),
        ("web", "mql"),
        ("", "mql"),
        ("unknown", "sql"),
    ]:
        lead = make_lead(created_at=at, source=source)
        move(lead, "mql", at + DAY)
        if until == "sql":
            move(lead, "sql", at + 10 * DAY)
    worked()

    assert shown("mql_to_sql", by="source") == {
        (None, "2026"): (2, 4, "0.5000000000"),
        ("", "2026"): (0, 1, "0.0000000000"),
        ("unknown", "2026"): (1, 1, "1.0000000000"),
        ("web", "2026"): (1, 2, "0.5000000000"),
    }
    assert shown("mql_to_sql", within=8)[None, "2026"][:2] == (0, 4)
    assert shown("mql_to_sql", within=9)[None, "2026"][:2] == (2, 4)
    assert shown("mqls", by="source")["web", "2026"] == (2, None, "2")
