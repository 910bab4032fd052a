from datetime import timedelta

import pytest

from foundation.ledger.models import Event
from leads.actions import snapshots, stages
from leads.enums import Cause
from leads.models import Lead, Reason, StageChange
from tests.factories.leads import make_lead, move

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def path_of(lead):
    rows = StageChange.objects.filter(lead=lead, in_force=True).order_by(
        "occurred_at", "pk"
    )
    return [(r.from_stage, r.to_stage, r.round, r.implied) for r in rows]


@pytest.fixture
def reason(db):
    return Reason.objects.get_or_create(
        kind="refuse", code="no_budget", defaults={"label_en": "No budget"}
    )[0]


def test_a_new_lead_has_its_first_change():
    lead = make_lead(source="webinar", country="RO")

    assert path_of(lead) == [("", "lead", 0, False)]
    change = StageChange.objects.get(lead=lead)
    assert (change.source, change.country, change.cause) == ("webinar", "RO", "created")
    assert (lead.stage, lead.round, lead.stage_since_at) == ("lead", 0, lead.created_at)


def test_mql_begins_the_first_round(at, mark):
    lead = make_lead()

    assert move(lead, "mql", at, by=mark) == "advanced"

    lead.refresh_from_db()
    assert (lead.stage, lead.round, lead.first_mql_at, lead.round_mql_at) == (
        "mql",
        1,
        at,
        at,
    )
    assert path_of(lead)[1:] == [("lead", "mql", 1, False)]
    event = Event.objects.get(kind="leads.stage.changed")
    assert event.payload["to"] == "mql"


def test_skipped_stages_are_implied_at_the_same_instant(at):
    lead = make_lead()

    move(lead, "customer", at)

    assert path_of(lead)[1:] == [
        ("lead", "mql", 1, True),
        ("mql", "sal", 1, True),
        ("sal", "sql", 1, True),
        ("sql", "opportunity", 1, True),
        ("opportunity", "customer", 1, False),
    ]
    lead.refresh_from_db()
    assert {lead.first_mql_at, lead.first_sal_at, lead.first_customer_at} == {at}


def test_a_real_change_learnt_later_takes_the_place_of_the_implied_one(at):
    lead = make_lead()
    move(lead, "mql", at)
    move(lead, "sql", at + 3 * HOUR)

    assert move(lead, "sal", at + HOUR, at=at + 5 * HOUR) == "advanced"

    assert path_of(lead)[1:] == [
        ("lead", "mql", 1, False),
        ("mql", "sal", 1, False),
        ("sal", "sql", 1, False),
    ]
    lead.refresh_from_db()
    assert (lead.stage, lead.first_sal_at, lead.round_sal_at) == (
        "sql",
        at + HOUR,
        at + HOUR,
    )
    assert StageChange.objects.filter(lead=lead, in_force=False).count() == 1


def test_a_real_change_learnt_later_must_fit_between_its_neighbours(at):
    lead = make_lead()
    move(lead, "mql", at)
    move(lead, "sql", at + 3 * HOUR)

    assert move(lead, "sal", at - HOUR, at=at + 5 * HOUR) == "out_of_order"
    assert move(lead, "sal", at + 4 * HOUR, at=at + 5 * HOUR) == "out_of_order"


def test_telling_the_same_twice_changes_nothing(at):
    lead = make_lead()
    move(lead, "mql", at)

    assert move(lead, "mql", at) == "unchanged"
    assert move(lead, "mql", at + HOUR) == "already_there"
    assert StageChange.objects.count() == 2


def test_a_recycled_lead_that_qualifies_again_begins_round_two(at, reason):
    lead = make_lead()
    move(lead, "mql", at)
    refused = move(lead, "recycled", at + HOUR, cause=Cause.REFUSED, reason=reason.code)
    assert refused == "advanced"

    assert move(lead, "mql", at + 2 * HOUR) == "advanced"

    lead.refresh_from_db()
    assert (lead.round, lead.first_mql_at, lead.round_mql_at) == (2, at, at + 2 * HOUR)
    assert path_of(lead)[1:] == [
        ("lead", "mql", 1, False),
        ("mql", "recycled", 1, False),
        ("recycled", "mql", 2, False),
    ]


@pytest.mark.parametrize(
    ("to", "hours", "fields", "code"),
    [
        ("mql", -10, {}, "before_lead_created"),
        ("mql", 48, {}, "in_future"),
        ("recycled", 1, {}, "no_way"),
        ("disqualified", 1, {}, "reason_required"),
        ("disqualified", 1, {"reason": "nonsense"}, "unknown_reason"),
        ("lead", 1, {}, "already_there"),
    ],
)
def test_refusals(at, to, hours, fields, code):
    lead = make_lead()
    fields = {"cause": Cause.IMPORT, **fields} if code == "no_way" else fields

    assert move(lead, to, at + hours * HOUR, at=at + 24 * HOUR, **fields) == code
    assert StageChange.objects.count() == 1


def test_a_lead_that_is_not_there_is_refused(at):
    wish = stages.Advance(7, "mql", at)

    with pytest.raises(stages.NotAdvanced) as refusal:
        stages.advance(wish, by=None, at=at)
    assert refusal.value.code == "unknown_lead"


def test_customers_go_nowhere(at):
    lead = make_lead()
    move(lead, "customer", at)

    assert move(lead, "lost", at + HOUR, cause=Cause.IMPORT) == "no_way"


def test_what_happened_long_ago_is_history(at):
    lead = make_lead(created_at=at - 72 * HOUR)
    move(lead, "mql", at - 25 * HOUR, at=at)
    move(lead, "sal", at - 23 * HOUR, at=at)

    rows = StageChange.objects.filter(lead=lead, to_stage__in=["mql", "sal"])
    assert list(rows.order_by("pk").values_list("history", flat=True)) == [True, False]


def test_one_refusal_does_not_stop_the_others_and_order_is_kept(at):
    one, two = make_lead(), make_lead()
    wishes = [
        stages.Advance(one.pk, "mql", at),
        stages.Advance(two.pk, "mql", at - 1000 * HOUR),
        stages.Advance(one.pk, "sal", at),
    ]

    results = stages.advance_many(wishes, by=None, at=at)

    assert [r.code for r in results] == ["advanced", "before_lead_created", "advanced"]
    one.refresh_from_db()
    assert one.stage == "sal"


def test_the_number_of_statements_does_not_grow(at, count_queries):
    def advance(n):
        rows = Lead.objects.bulk_create(
            Lead(created_at=at, stage_since_at=at) for _ in range(n)
        )
        wishes = [stages.Advance(lead.pk, "sql", at + HOUR) for lead in rows]
        return count_queries(stages.advance_many, wishes, by=None, at=at + HOUR)

    assert advance(1) == advance(3) == advance(1_000)
    assert StageChange.objects.filter(to_stage="sql").count() == 1_004


def test_the_row_equals_what_its_changes_add_up_to(at, reason):
    lead = make_lead()
    move(lead, "sal", at)
    move(lead, "recycled", at + HOUR, cause=Cause.REFUSED, reason=reason.code)
    move(lead, "customer", at + 2 * HOUR)
    before = Lead.objects.filter(pk=lead.pk).values().get()

    Lead.objects.filter(pk=lead.pk).update(stage="lead", round=0, first_sql_at=None)
    snapshots.rebuild([lead.pk])

    assert Lead.objects.filter(pk=lead.pk).values().get() == before
