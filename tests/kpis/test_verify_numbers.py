from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings

from foundation.kernel.periods import parse
from kpis.actions import facts, scorecards
from kpis.models import DailyFact, Scorecard
from kpis.queries.plain import checks
from kpis.queries.reading import reading
from tests.factories import kpis as histories
from tests.factories.leads import make_lead
from tests.factories.sla import call, make_agreement
from tests.kpis import life
from tests.kpis.life import AT, BEGIN
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(sally, mark):
    """Worked-out facts and two scorecards, of which one lies in the past."""
    won = life.begin(sally, mark)
    facts.refresh_all()
    scorecards.current(parse("2026-Q1"), at=AT)
    life.go_on(won)
    facts.refresh_all()
    return scorecards.current(parse("2026-Q2"), at=AT)


def verify():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_numbers", stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return "", err.getvalue()


def test_everything_agrees_to_the_last_digit(lived):
    _, named = verify()

    assert named == ""


def test_the_speed_of_history_agrees(sally):
    make_agreement()
    for days, minutes in [(0, 30), (1, 45), (2, 600)]:
        mql = BEGIN + timedelta(days=days)
        lead = make_lead(created_at=mql, stage="mql", at=AT)
        call(lead, mql + timedelta(minutes=minutes), at=AT, by=sally)
    facts.refresh_all()

    card = scorecards.current(parse("2026-03"), at=AT)

    line = card.line("speed_to_lead")
    assert (line["n"], line["apart"]["history"]) == (3, 3)
    assert verify() == ("", "")


def test_an_altered_daily_fact_is_named(lived):
    row = DailyFact.objects.get(
        dimension="source", stage="mql", to_stage="customer", value="web"
    )
    DailyFact.objects.filter(pk=row.pk).update(count=row.count + 1)

    told, named = verify()

    assert told.endswith("cells are not what the rows say.")
    assert f"daily fact {row.day} mql→customer source='web'" in named


def test_a_missing_daily_fact_is_named(lived):
    row = DailyFact.objects.filter(dimension="total", stage="lead").first()
    day = row.day  # type: ignore[union-attr]
    row.delete()  # type: ignore[union-attr]
    assert f"daily fact {day} lead" in verify()[1]


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("leads", "n", 99),
        ("mql_to_sal", "value", "0.1000000000"),
        ("revenue", "value", "1.00"),
        ("retention", "high", "0.5000000000"),
        ("sla_sales", "n", 7),
        ("speed_to_lead", "apart", {"in_time": 1, "history": 1}),
    ],
)
def test_an_altered_scorecard_is_named(lived, key, field, value):
    stored = Scorecard.objects.order_by("pk").first()
    values = stored.values  # type: ignore[union-attr]
    line = next(
        line
        for part in values["sections"]
        for line in part["kpis"]
        if line["key"] == key
    )
    line[field] = value
    with triggers_off():
        Scorecard.objects.filter(pk=stored.pk).update(values=values)  # type: ignore[union-attr]

    _, named = verify()

    assert f"scorecard {stored.pk} of 2026-Q1 at {stored.position}" in named  # type: ignore[union-attr]
    assert key in named


@given(histories.histories)
@settings(max_examples=4, deadline=None)
def test_random_histories_agree(history):
    with transaction.atomic():
        histories.live(history)
        with reading(at=histories.NOW) as seen:
            assert [str(found) for found in checks.everything(seen)] == []
        transaction.set_rollback(True)
