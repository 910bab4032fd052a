"""Attainment and integrity line, with the records behind each number (U6)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from foundation.accounts.models import Workspace
from foundation.kernel.periods import Step, around, cut, parse
from foundation.ledger import queries as ledger
from leads.actions import decisions, leads
from leads.enums import Cause, Exclusion, Proof
from sla.actions import excuses
from sla.domain.tally import Tally
from sla.enums import ClauseKind, ExceptionReason, Mark
from sla.models import Clock
from sla.queries import attainment
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
RESPONSE = [ClauseKind.FIRST_RESPONSE]
ACCEPTANCE = [ClauseKind.ACCEPTANCE]
MARCH = parse("2026-03")


def mql(at, **values):
    cause = values.pop("cause", Cause.DEFINITION)
    lead = make_lead(**values)
    move(lead, "mql", at, cause=cause)
    return lead


@pytest.fixture
def week(at, sally, hanna):
    """Five leads of Sally's and Hanna's: two called in time, one late, two never."""
    cases = [
        (sally, "webinar", 1, {}),
        (sally, "webinar", 1.5, {"proof": Proof.SELF_REPORTED}),
        (hanna, "webinar", 3, {}),
        (hanna, "", None, {}),
        (sally, "search", None, {}),
    ]
    made = []
    for owner, source, hours, values in cases:
        lead = mql(at, owner_id=owner.pk, source=source)
        if hours:
            call(lead, at + hours * HOUR, **values)
        made.append(lead)
    sweep_all(at + 10 * HOUR)
    return made


def test_attainment_is_met_by_met_and_breached(week):
    found = attainment.tally([MARCH], kinds=RESPONSE)

    tally = found[1, None]
    assert (tally.met, tally.breached, tally.n, tally.cases) == (2, 3, 5, 5)
    assert tally.attainment == Decimal("0.4")
    assert set(found) == {(1, None)}


def test_promises_are_counted_together_or_apart(week):
    both = attainment.tally([MARCH])[1, None]
    apart = [
        attainment.tally([MARCH], kinds=k)[1, None] for k in (RESPONSE, ACCEPTANCE)
    ]

    assert both == apart[0] + apart[1]
    assert (both.met, both.breached) == (2, 8)


def test_splits_stand_beside_the_total_and_add_up_to_it(week, sally, hanna):
    for by, splits in {
        "source": {"webinar": (2, 1), "": (0, 1), "search": (0, 1)},
        "owner": {str(sally.pk): (2, 1), str(hanna.pk): (0, 2)},
        "campaign": {"": (2, 3)},
        "clause": {str(clock_of(week[0]).clause_id): (2, 3)},
    }.items():
        found = attainment.tally([MARCH], kinds=RESPONSE, by=by)
        total = found.pop((1, None))
        assert {k[1]: (t.met, t.breached) for k, t in found.items()} == splits
        assert sum(found.values(), Tally()) == total


def test_cases_count_in_the_period_in_which_they_ended(at, agreed):
    """Met when done, breached when the time ran out, whenever somebody noticed."""
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Bucharest"})
    late_sunday = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
    lead = mql(late_sunday, created_at=late_sunday)
    made = mql(at)
    call(made, at + HOUR)
    sweep_all(at + 100 * HOUR)
    days = list(cut(parse("2026-03-01/2026-03-05"), Step.DAY))

    found = attainment.tally(days, kinds=RESPONSE)

    assert {n: (t.met, t.breached) for (n, _), t in found.items()} == {2: (1, 1)}
    assert clock_of(lead).breach_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Bucharest", 3), ("America/New_York", 2)]
)
def test_days_are_cut_in_the_workspaces_time_zone(at, zone, day):
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    lead = make_lead()
    call(lead, at)
    midnight = datetime(2026, 3, 2, 22, tzinfo=UTC)  # Tuesday 00:00 in Bucharest
    move(lead, "mql", midnight)

    (before, after) = (around(date(2026, 3, d), Step.DAY) for d in (2, 3))
    found = attainment.tally([before, after], kinds=RESPONSE)
    assert set(found) == {(day - 1, None)}


def test_history_is_shown_apart(at, week):
    old = make_lead(created_at=at - 240 * HOUR)
    move(old, "mql", at - 240 * HOUR, at=at)
    kept = make_lead(created_at=at - 240 * HOUR)
    call(kept, at - 239 * HOUR, at=at)
    move(kept, "mql", at - 243 * HOUR + 3 * HOUR, at=at)

    tally = attainment.tally([parse("2026")], kinds=RESPONSE)[1, None]

    assert (tally.met, tally.breached) == (2, 3)
    assert (tally.history_met, tally.history_breached) == (1, 1)
    assert tally.history_attainment == Decimal("0.5")
    assert tally.cases == 5


def test_exceptions_leave_numerator_and_denominator(at, week, sally, marta):
    clock = clock_of(week[4])
    excuse = excuses.propose(clock, ExceptionReason.OUTAGE, by=sally, at=at + 11 * HOUR)
    excuses.agree(excuse, by=marta, at=at + 11 * HOUR)

    tally = attainment.tally([MARCH], kinds=RESPONSE)[1, None]
    assert (tally.met, tally.breached, tally.excepted, tally.cases) == (2, 2, 1, 5)
    assert tally.attainment == Decimal("0.5")


def test_without_cases_there_is_no_value():
    assert attainment.tally([MARCH]) == {}
    assert (Tally().attainment, Tally().share("paused")) == (None, None)


def test_the_integrity_line_counts_every_mark(at, sally):
    def case(**values):
        return mql(at, owner_id=sally.pk, **values)

    call(case(), at + HOUR / 2, at=at + 1.9 * HOUR, proof=Proof.SELF_REPORTED)
    case(cause=Cause.HAND)
    move(case(), "sql", at + HOUR)
    decisions.refuse(case(), reason="no_budget", by=sally, at=at + 3 * HOUR)
    leads.exclude([case().pk], Exclusion.SPAM, by=None, at=at + HOUR)
    sweep_all(at + 5 * HOUR)

    acceptance = attainment.tally([MARCH], kinds=ACCEPTANCE)[1, None]
    response = attainment.tally([MARCH], kinds=RESPONSE)[1, None]

    assert {k: n for k, n in acceptance.marks.items() if n} == {
        Mark.BY_SILENCE: 2,
        Mark.BY_HAND: 1,
        Mark.IMPLIED: 1,
        Mark.CANCELLED: 1,
        Mark.NEAR_DEADLINE: 1,
    }
    assert {k: n for k, n in response.marks.items() if n} == {
        Mark.SELF_REPORTED: 1,
        Mark.LOGGED_LATE: 1,
        Mark.BY_HAND: 1,
        Mark.CANCELLED: 1,
    }
    assert (acceptance.cases, response.cases) == (5, 5)
    assert acceptance.share(Mark.BY_SILENCE) == Decimal("0.4")


def test_a_refusal_more_than_a_day_before_its_deadline_is_not_near(at, sally):
    from tests.factories.sla import make_agreement  # noqa: PLC0415

    make_agreement(acceptance=30 * HOUR)
    near, far = mql(at, owner_id=sally.pk), mql(at, owner_id=sally.pk)
    deadline = clock_of(near, "acceptance").due_at
    day = 24 * HOUR
    decisions.refuse(near, reason="no_budget", by=sally, at=deadline - day)
    decisions.refuse(far, reason="no_budget", by=sally, at=deadline - day - HOUR / 3600)

    found = attainment.records(MARCH, Mark.NEAR_DEADLINE, kinds=ACCEPTANCE)
    assert [clock.lead for clock in found] == [near]


def test_what_never_qualified_is_no_case(at, lena):
    from leads.actions import corrections  # noqa: PLC0415
    from leads.models import StageChange  # noqa: PLC0415

    lead = mql(at)
    change = StageChange.objects.get(lead=lead, to_stage="mql")
    corrections.withdraw_change(
        change, reason="entered_by_mistake", by=lena, at=at + HOUR
    )

    tally = attainment.tally([MARCH], kinds=RESPONSE)[1, None]
    assert (tally.cases, tally.cancelled, any(tally.marks.values())) == (0, 0, False)


def test_every_number_opens_exactly_its_records(at, week, sally, marta):
    """U6: the records behind a number are as many as it says, in every split."""
    clock = clock_of(week[3])
    excuse = excuses.propose(clock, ExceptionReason.OUTAGE, by=sally, at=at + 11 * HOUR)
    excuses.agree(excuse, by=marta, at=at + 11 * HOUR)
    old = make_lead(created_at=at - 24 * HOUR)
    move(old, "mql", at - 25 * HOUR + HOUR, at=at + 2 * HOUR)
    sweep_all(at + 12 * HOUR)

    for by in (None, *attainment.DIMENSIONS):
        for (_, split), tally in attainment.tally([MARCH], by=by).items():
            parts = {
                **{name: getattr(tally, name) for name in ("met", "breached", "n")},
                "excepted": tally.excepted,
                "cancelled": tally.cancelled,
                "cases": tally.cases,
                "history_breached": tally.history_breached,
                **tally.marks,
            }
            for part, number in parts.items():
                rows = attainment.records(MARCH, part, by=by, split=split)
                assert rows.count() == number, (by, split, part)


def test_an_unknown_part_is_an_error():
    with pytest.raises(ValueError, match="nonsense"):
        attainment.records(MARCH, "nonsense")


def test_numbers_can_be_worked_out_again_at_every_position(at, sally, marta):
    """What a position showed then, it shows for ever, whatever is learnt later."""
    then = {}

    def note():
        position = ledger.position()
        then[position] = (
            attainment.tally([MARCH], by="source"),
            sorted(attainment.records(MARCH, "breached").values_list("pk", flat=True)),
        )

    one = mql(at, source="webinar", owner_id=sally.pk)
    note()
    two = mql(at, source="search", owner_id=sally.pk)
    call(two, at + HOUR)
    note()
    sweep_all(at + 5 * HOUR)
    note()
    decisions.accept(one, by=sally, at=at + 6 * HOUR)
    note()
    excuse = excuses.propose(
        clock_of(one), ExceptionReason.OUTAGE, by=sally, at=at + 6 * HOUR
    )
    excuses.agree(excuse, by=marta, at=at + 6 * HOUR)
    note()
    leads.exclude([two.pk], Exclusion.TEST, by=None, at=at + 7 * HOUR)
    note()

    assert len({str(tally) for tally, _ in then.values()}) >= 4
    for position, (tally, broken) in then.items():
        assert attainment.tally([MARCH], by="source", as_of=position) == tally
        rows = attainment.records(MARCH, "breached", as_of=position)
        assert sorted(rows.values_list("pk", flat=True)) == broken


def test_counting_takes_one_statement(week, count_queries):
    Workspace.objects.get_or_create(pk=1)
    months = list(cut(parse("2026"), Step.MONTH))

    assert count_queries(attainment.tally, months, by="source") == 2  # with settings
    assert Clock.objects.count() == 10
