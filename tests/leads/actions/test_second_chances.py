"""A signed share of refused leads is worked all the same; all can check the draw."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from leads.actions import decisions, leads, second_chances
from leads.domain.drawing import draw
from leads.enums import Stage
from leads.models import Reason, SecondChance, StageChange
from tests.factories.definitions import define
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db
FAIR = {"rules": {"field": "lead.source", "op": "is", "value": "fair"}}
DAY = timedelta(days=1)
LATER = timedelta(days=20)


@pytest.fixture
def reason(db):
    return Reason.objects.get_or_create(
        kind="refuse", code="no_budget", defaults={"label_en": "No budget"}
    )[0].code


@pytest.fixture
def refused(at, sally, reason):
    def refuse(count=1, chance="0.5"):
        held = define(FAIR, chance=chance)
        rows = [make_lead(source="fair", owner=sally) for _ in range(count)]
        for lead in rows:
            decisions.refuse(lead, reason=reason, by=sally, at=at)
        return held, rows

    return refuse


def rounds(lead):
    rows = StageChange.objects.filter(lead=lead, to_stage="mql", in_force=True)
    return list(rows.order_by("round").values_list("round", "cause"))


def test_the_draw_can_be_done_again(refused):
    held, rows = refused(count=24)

    drawn = set(SecondChance.objects.values_list("lead_id", "draw"))
    again = {(row.pk, draw("second-chance", held.digest, row.pk, 1)) for row in rows}

    assert drawn == {(pk, number) for pk, number in again if number < Decimal("0.5")}
    assert 0 < len(drawn) < len(rows)


def test_without_a_signed_share_nobody_is_drawn(refused):
    refused(count=5, chance="0")
    assert SecondChance.objects.count() == 0


def one_drawn(refused):
    _, rows = refused(count=24)
    return [row for row in rows if SecondChance.objects.filter(lead=row).exists()]


def test_a_drawn_lead_comes_back_as_any_other(refused, at):
    lead, *_ = one_drawn(refused)

    assert second_chances.bring_back(at=at + DAY) == 0
    assert rounds(lead) == [(1, "definition")]
    number = second_chances.bring_back(at=at + LATER)

    assert number == SecondChance.objects.count()
    assert rounds(lead) == [(1, "definition"), (2, "returned")]
    lead.refresh_from_db()
    assert (lead.stage, lead.owner_id) == ("mql", None)
    assert second_chances.bring_back(at=at + LATER) == 0


@pytest.mark.parametrize("values", [{"do_not_contact": True}, {"exclusion": "spam"}])
def test_who_must_not_be_worked_is_passed_over(refused, at, values):
    lead, *_ = one_drawn(refused)
    leads.change(lead, values, by=None, at=at)

    second_chances.bring_back(at=at + LATER)

    row = SecondChance.objects.get(lead=lead)
    assert (row.entered, row.passed_over_at) == (None, at + LATER)
    assert rounds(lead) == [(1, "definition")]


def test_who_came_back_by_itself_is_passed_over(refused, at):
    lead, *_ = one_drawn(refused)
    move(lead, "mql", at + DAY)

    second_chances.bring_back(at=at + LATER)

    assert SecondChance.objects.get(lead=lead).entered is None
    assert [number for number, _ in rounds(lead)] == [1, 2]


def test_the_database_keeps_no_draw_above_the_share(refused):
    one_drawn(refused)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondChance.objects.update(draw=Decimal("0.9"))


def test_a_lead_tells_nothing_of_it(refused, at, client, sally):
    lead, *_ = one_drawn(refused)
    second_chances.bring_back(at=at + LATER)
    client.force_login(sally)

    page = client.get(f"/leads/{lead.pk}/").content.decode()
    told = client.get(f"/api/v1/stage-changes/?lead={lead.pk}").content.decode()

    words = ("econd chance", "econd-chance", "second_chance", "drawn")
    assert [word for word in words for text in (page, told) if word in text] == []


def test_a_refusal_told_over_the_api_is_drawn_and_judged_alike(at, sally, reason):
    held = define(FAIR, chance="0.5")
    rows = [make_lead(source="fair", owner=sally) for _ in range(24)]
    for lead in [*rows, *rows]:  # telling it twice draws once
        change = decisions.tell(
            lead.pk,
            Stage.RECYCLED,
            occurred_at=at,
            reason=reason,
            cause="hand",
            by=sally,
            at=at,
        )
        assert change.although_met

    drawn = set(SecondChance.objects.values_list("lead_id", flat=True))
    again = {row.pk: draw("second-chance", held.digest, row.pk, 1) for row in rows}
    assert drawn == {pk for pk, number in again.items() if number < Decimal("0.5")}
