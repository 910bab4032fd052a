"""Ten leads near the line a week, judged by both teams apart and hidden."""

from datetime import date, timedelta

import pytest

from foundation.accounts.enums import Function, Role
from leads.actions import blind_reviews, leads
from leads.enums import Exclusion
from leads.models import BlindReview
from leads.queries import blind_reviews as queries
from leads.queries.blind_reviews import Agreement
from tests.factories.accounts import make_user
from tests.factories.definitions import define
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = date(2026, 3, 2)
LARGE = {"field": "company.employees", "op": "at_least", "value": 50}
FAIR = {"field": "lead.source", "op": "is", "value": "fair"}
ROMANIAN = {"field": "lead.country", "op": "is", "value": "RO"}
TREE = {"rules": {"all": [LARGE, FAIR, ROMANIAN]}}


@pytest.fixture
def world(at):
    """Leads that meet three, two, one or none of three conditions."""
    small, large = make_company(employees=5), make_company(employees=500)
    rows = {
        met: [
            make_lead(
                company=large if met > 2 else small,
                source="fair" if met > 1 else "other",
                country="RO" if met > 0 else "DE",
                created_at=at - 3 * DAY,
            )
            for _ in range(7)
        ]
        for met in (0, 1, 2, 3)
    }
    define(TREE)
    return rows


def test_the_ten_nearest_of_both_sides_are_drawn_once_a_week(world, at):
    rows = blind_reviews.draw_week(at=at)

    assert {row.week for row in rows} == {WEEK}
    assert [row.place for row in rows] == list(range(1, 11))
    assert sorted(row.met for row in rows) == [False] * 5 + [True] * 5
    drawn = {row.lead_id for row in rows if not row.met}
    assert drawn <= {lead.pk for lead in world[2]}
    assert blind_reviews.draw_week(at=at + 6 * DAY) == []
    next_week = blind_reviews.draw_week(at=at + 7 * DAY)
    assert {row.lead_id for row in rows} & {row.lead_id for row in next_week} == set()


def test_one_side_fills_what_the_other_lacks(world, at):
    leads.exclude([lead.pk for lead in world[3][2:]], Exclusion.TEST, by=None, at=at)

    rows = blind_reviews.draw_week(at=at)

    assert sorted(row.met for row in rows) == [False] * 8 + [True] * 2


def test_without_definition_nobody_is_drawn(at):
    make_lead(created_at=at - DAY)
    assert blind_reviews.draw_week(at=at) == []


def test_one_of_each_team_judges(world, at, sally, mark, lena):
    review, *_ = blind_reviews.draw_week(at=at)

    blind_reviews.judge(review, qualified=True, by=sally, at=at)
    blind_reviews.judge(review, qualified=True, by=sally, at=at)
    for person, refusal in (
        (make_user(Role.SALES_REP), blind_reviews.JudgedAlready),
        (lena, blind_reviews.NotAJudge),
    ):
        with pytest.raises(refusal):
            blind_reviews.judge(review, qualified=False, by=person, at=at)
    assert queries.agreement(weeks=[WEEK]) == Agreement(0, 0)
    blind_reviews.judge(review, qualified=True, by=mark, at=at)

    assert queries.agreement(weeks=[WEEK]) == Agreement(1, 1)
    assert review.verdicts.count() == 2
    left = queries.left_for(Function.SALES, WEEK)
    assert [row.place for row in left] == list(range(2, 11))


def test_agreement_counts_what_both_have_judged(world, at, sally, mark):
    rows = blind_reviews.draw_week(at=at)
    for n, review in enumerate(rows[:4]):
        blind_reviews.judge(review, qualified=True, by=sally, at=at)
        blind_reviews.judge(review, qualified=n != 1, by=mark, at=at, why=f"Why {n}")
    blind_reviews.judge(rows[4], qualified=True, by=sally, at=at)

    assert queries.agreement(weeks=[WEEK]) == Agreement(4, 3)
    assert queries.disagreements(weeks=[WEEK]) == [rows[1]]


def test_disagreements_become_a_draft_with_what_was_said(world, at, sally, mark):
    with pytest.raises(blind_reviews.NothingToPropose):
        blind_reviews.propose(by=mark, at=at)
    rows = blind_reviews.draw_week(at=at)
    blind_reviews.judge(rows[0], qualified=True, by=sally, at=at)
    blind_reviews.judge(rows[0], qualified=False, by=mark, at=at, why="A student")

    version = blind_reviews.propose(by=mark, at=at)

    assert (version.number, version.state) == (2, "draft")
    assert version.content["criteria"] == TREE
    (comment,) = version.comments.all()
    assert comment.text.splitlines() == [
        f"Lead #{rows[0].lead_id} was judged differently in the week of 2026-03-02.",
        "Marketing: not qualified — A student",
        "Sales: qualified",
    ]


def test_drawing_costs_the_same_for_few_and_many(at, count_queries):
    define(TREE)
    make_lead(created_at=at - DAY)
    few = count_queries(blind_reviews.draw_week, at=at)
    for _ in range(30):
        make_lead(created_at=at - DAY)
    BlindReview.objects.all().delete()

    assert count_queries(blind_reviews.draw_week, at=at) == few
