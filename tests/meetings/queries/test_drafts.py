"""What stands on an agenda is what the scorecards and the clocks say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from foundation.documents.actions import versions
from kpis.actions import scorecards
from kpis.actions.targets import set_target
from leads.actions import stages
from leads.enums import Cause, Stage
from meetings.actions import agenda, meetings
from meetings.domain.lines import all_lines
from meetings.enums import ItemKind
from meetings.models import Meeting
from meetings.queries import spans
from tests.factories.definitions import (
    head_of,
    make_definition,
    make_proposal,
    make_signed,
)
from tests.factories.leads import make_lead
from tests.factories.meetings import (
    hold,
    make_decision,
    make_meeting,
    make_running,
    next_of,
)

pytestmark = pytest.mark.django_db


def of_kind(meeting, kind):
    return meeting.items.get(kind=kind)


def test_the_result_is_the_quarters_scorecard_with_its_targets(sally, at):
    meeting = make_meeting(at=at)
    set_target("nrr", Decimal("1.04"), period="2026-Q1", by=sally, at=at)

    agenda.write(meeting, by=None, at=at)

    card = scorecards.current(spans.quarter(at), at=at)
    known, facts = all_lines(card.values), of_kind(meeting, ItemKind.RESULT).facts
    assert (facts["period"], facts["currency"]) == ("2026-Q1", "EUR")
    assert [
        (line["kpi"], line["value"], line["target"], line["n"])
        for line in facts["lines"]
    ] == [
        (key, known[key]["value"], known[key]["target"], known[key]["n"])
        for key in ("revenue_new", "nrr", "revenue", "retention")
    ]
    assert Decimal(facts["lines"][1]["target"]) == Decimal("1.04")


def test_the_days_since_the_last_meeting_are_neither_missed_nor_counted_twice(
    sally, at
):
    first = make_meeting(at=at)
    assert spans.since_last(first).label == "2026-02-24/2026-03-02"

    hold(first, by=sally)
    second = next_of(first.series)
    assert spans.since_last(second).label == "2026-03-03/2026-03-09"

    meetings.skip(second, by=sally, at=second.starts_at)
    assert spans.since_last(next_of(first.series)).label == "2026-03-03/2026-03-16"


def test_a_decision_is_looked_at_over_as_many_days_before_as_since():
    before, since = spans.around_decision(date(2026, 3, 3), date(2026, 3, 17))

    assert (before.label, since.label) == (
        "2026-02-17/2026-03-02",
        "2026-03-03/2026-03-16",
    )


def test_what_moved_beyond_chance_is_named_with_what_it_was(at):
    """Two new leads in one week and twenty in the next."""
    meeting = make_meeting(at=at)
    for days, count in ((10, 2), (3, 20)):
        moment = meeting.starts_at - timedelta(days=days)
        for _ in range(count):
            make_lead(created_at=moment)

    agenda.write(meeting, by=None, at=meeting.starts_at)

    item = of_kind(meeting, ItemKind.MOVED)
    assert item.params == {"kpi": "leads"}
    assert [
        (line["kpi"], line["before"], line["value"], line["period"])
        for line in item.facts["lines"]
    ] == [("leads", "2", "20", "2026-02-24/2026-03-02")]


def test_what_chance_moved_is_not_on_the_agenda(at):
    meeting = make_meeting(at=at)
    for days, count in ((10, 4), (3, 7)):
        for _ in range(count):
            make_lead(created_at=meeting.starts_at - timedelta(days=days))

    agenda.write(meeting, by=None, at=meeting.starts_at)

    assert not meeting.items.filter(kind=ItemKind.MOVED).exists()


def test_a_new_lead_alone_brings_the_agenda_up_to_date_only_where_it_shows(at):
    """The ledger position moves with every write; a reader would see no difference."""
    meeting = make_meeting(at=at)
    agenda.write(meeting, by=None, at=at)
    before = list(meeting.items.values())
    make_lead(created_at=datetime(2025, 1, 7, 9, tzinfo=UTC), stage=Stage.LEAD)

    assert agenda.write(meeting, by=None, at=at) is False
    assert list(meeting.items.values()) == before


def test_a_decision_comes_back_with_its_number_before_and_since(sally, at):
    meeting = make_running(at=at, by=sally)
    decision = make_decision(
        meeting, by=sally, help_by=date(2026, 3, 10), help_kpi="leads"
    )
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=30))
    for days, count in ((-2, 3), (2, 5)):
        for _ in range(count):
            make_lead(created_at=meeting.starts_at + timedelta(days=days))
    coming = next_of(meeting.series)

    agenda.write(coming, by=None, at=coming.starts_at)

    item = of_kind(coming, ItemKind.HELPED)
    [line] = item.facts["lines"]
    assert (item.decision, line["before"], line["value"], line["period"]) == (
        decision,
        "3",
        "5",
        "2026-03-03/2026-03-09",
    )


def test_both_sides_promises_stand_beside_each_other(at):
    meeting = make_meeting(at=at)

    agenda.write(meeting, by=None, at=at)

    facts = of_kind(meeting, ItemKind.PROMISES).facts
    assert facts["period"] == "2026-02-24/2026-03-02"
    assert len(facts["sales"]) == 2
    assert facts["marketing"]["kpi"] == "sla_marketing"


def test_the_bottleneck_is_the_step_that_costs_most_of_the_newest_mature_cohort(
    sally, at
):
    """Sixty qualified last summer: nine in ten should be accepted, twenty were."""
    qualified_at = datetime(2025, 8, 12, 9, tzinfo=UTC)
    rows = [make_lead(created_at=qualified_at, stage=Stage.MQL) for _ in range(60)]
    later = [(Stage.SAL, 20), (Stage.SQL, 18), (Stage.OPPORTUNITY, 15)]
    for days, (reached, number) in enumerate([*later, (Stage.CUSTOMER, 10)], 1):
        when = qualified_at + timedelta(days=days)
        wishes = [
            stages.Advance(row.pk, reached, when, Cause.IMPORT) for row in rows[:number]
        ]
        stages.advance_many(wishes, by=None, at=at)
    set_target("mql_to_sal", Decimal("0.9"), period="2025-Q3", by=sally, at=at)
    meeting = make_meeting(at=at)

    agenda.write(meeting, by=None, at=at)

    item = of_kind(meeting, ItemKind.BOTTLENECK)
    card = scorecards.current(spans.quarter(at), at=at)
    assert item.params == {"stage": "mql", "to_stage": "sal"}
    assert item.facts["cohort"] == card.values["bottleneck"]["cohort"] == "2025-Q3"
    step = item.facts["step"]
    assert (Decimal(step["rate"]).quantize(Decimal("0.0001")), step["target"]) == (
        Decimal("0.3333"),
        "0.9000000000",
    )


def test_documents_that_wait_for_a_signature_or_a_review_are_listed(at):
    held = make_signed(at=at - timedelta(days=60), review_on=date(2026, 3, 9))
    make_signed(Stage.SQL, at=at - timedelta(days=60), review_on=date(2026, 3, 2))
    superseding = make_signed(Stage.SQL, at=at - timedelta(days=30))
    waiting = make_proposal(at=at)
    versions.sign(waiting, digest=waiting.digest, by=head_of("marketing"), at=at)
    make_definition(at=at)
    meeting = make_meeting(at=at)
    assert meeting.starts_at.date() < date(2026, 3, 9) < date(2026, 3, 16)

    agenda.write(meeting, by=None, at=at)

    item = of_kind(meeting, ItemKind.DOCUMENTS)
    assert item.params == {"n": 1}
    assert item.facts == {"documents": [{"id": waiting.pk, "waits_for": ["sales"]}]}

    assert superseding.review_on is None
    Meeting.objects.update(starts_at=datetime(2026, 3, 9, 9, tzinfo=UTC))
    meeting.refresh_from_db()
    agenda.write(meeting, by=None, at=at)

    item = of_kind(meeting, ItemKind.DOCUMENTS)
    assert item.params == {"n": 2}
    assert item.facts["documents"] == [
        {"id": waiting.pk, "waits_for": ["sales"]},
        {"id": held.pk, "review_on": "2026-03-09"},
    ]


def test_once_signed_a_document_leaves_the_agenda(at):
    waiting = make_proposal(at=at)
    meeting = make_meeting(at=at)
    agenda.write(meeting, by=None, at=at)
    assert of_kind(meeting, ItemKind.DOCUMENTS).facts["documents"][0]["waits_for"] == [
        "sales",
        "marketing",
    ]

    for function in ("sales", "marketing"):
        versions.sign(waiting, digest=waiting.digest, by=head_of(function), at=at)
    agenda.write(meeting, by=None, at=at)

    assert not meeting.items.filter(kind=ItemKind.DOCUMENTS).exists()
