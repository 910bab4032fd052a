"""The clocks of somebody on vacation are the deputy's meanwhile, once and in time."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from foundation.accounts.actions import vacations
from foundation.accounts.actions.vacations import Wish
from foundation.accounts.enums import Role
from foundation.accounts.models import User, Vacation
from foundation.jobs.actions import jobs
from foundation.jobs.actions.running import run_next
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.ledger.models import Entry, Event
from leads.actions import assignments, decisions
from leads.rules import may_work
from sla.actions import standing_in
from sla.models import Breach, Clock, Segment
from sla.queries import clocks as queries
from sla.queries import due
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import (
    HOUR,
    call,
    clock_of,
    make_agreement,
    make_calendar,
    sweep_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def dora(db):
    """Sally's deputy, who works 11:00 to 17:00."""
    team = make_team(name="Deputies")
    days = ("mon", "tue", "wed", "thu", "fri")
    make_calendar(team=team, weekly={day: [["11:00", "17:00"]] for day in days})
    return make_user(Role.SALES_REP, name="Dora Deputy", team=team)


@pytest.fixture
def midnight(at):
    """Tuesday 00:00 in Bucharest."""
    return at + 12 * HOUR


def away(person, deputy=None, first=TUESDAY, last=WEDNESDAY, *, at):
    return vacations.write_down(Wish(person, first, last, deputy), by=None, at=at)


def stood_in(person):
    return User.objects.get(pk=person.pk).stood_in_by


def test_open_clocks_pass_at_the_start_and_come_back_at_the_end(
    at, sally, dora, midnight
):
    make_agreement(acceptance=20 * HOUR, at=at)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)  # 17:00: one of two hours is used on Monday
    away(sally, dora, TUESDAY, TUESDAY, at=at)

    assert standing_in.settle(at=midnight - timedelta(seconds=1)) == 0
    assert standing_in.settle(at=midnight) == 1
    clock = clock_of(lead)
    assert (clock.owner, clock.calendar.team, clock.segments) == (dora, dora.team, 2)
    assert clock.due_at == midnight + 12 * HOUR  # 11:00 is her opening, one hour left
    lead.refresh_from_db()
    assert lead.owner == sally

    acceptance = clock_of(lead, "acceptance")
    assert standing_in.settle(at=midnight + DAY) == 1
    acceptance.refresh_from_db()
    assert (acceptance.owner, acceptance.segments) == (sally, 3)
    assert acceptance.calendar.team is None
    assert stood_in(sally) is None


def test_elapsed_time_is_split_between_both(at, sally, dora, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5.5 * HOUR)  # half an hour on Monday
    away(sally, dora, TUESDAY, WEDNESDAY, at=at)
    standing_in.settle(at=midnight)

    call(lead, midnight + 12 * HOUR, by=dora)  # an hour after eleven

    clock = clock_of(lead)
    assert (clock.state, clock.owner, clock.elapsed_seconds) == ("met", dora, 5_400)
    rows = Segment.objects.filter(clock=clock).order_by("starts_at")
    assert [(row.owner, row.starts_at, row.entry.cause) for row in rows] == [
        (sally, at + 5.5 * HOUR, "vacation"),
        (dora, midnight, "vacation"),
    ]


def test_what_was_done_meanwhile_stays_with_the_deputy(at, sally, dora, midnight):
    make_agreement(acceptance=20 * HOUR, at=at)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, TUESDAY, TUESDAY, at=at)
    standing_in.settle(at=midnight)
    call(lead, midnight + 11.5 * HOUR, by=dora)
    standing_in.settle(at=midnight + DAY)

    assert clock_of(lead).owner == dora
    assert clock_of(lead, "acceptance").owner == sally


def test_a_new_lead_starts_with_the_deputy(at, sally, dora, midnight):
    away(sally, dora, at=at)
    standing_in.settle(at=midnight)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", midnight + 9 * HOUR)

    clock = clock_of(lead)
    assert (clock.owner, clock.segments) == (dora, 0)
    assert clock.due_at == midnight + 13 * HOUR


def test_a_lead_given_to_somebody_away_goes_to_the_deputy(
    at, sally, dora, hanna, midnight
):
    away(sally, dora, at=at)
    standing_in.settle(at=midnight)
    lead = make_lead()
    move(lead, "mql", midnight + 11 * HOUR)
    assignments.assign([lead.pk], owner=sally, by=hanna, at=midnight + 11.5 * HOUR)

    assert clock_of(lead).owner == dora


def test_history_keeps_who_it_was(at, sally, dora, midnight):
    away(sally, dora, last=date(2026, 3, 20), at=at)
    standing_in.settle(at=midnight)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at, at=midnight + 5 * DAY)

    assert clock_of(lead).history
    assert clock_of(lead).owner == sally


def test_without_a_deputy_the_head_gets_it(at, sally, hanna, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, at=at)
    standing_in.settle(at=midnight)

    assert clock_of(lead).owner == hanna


def test_a_deputy_who_is_away_passes_on_to_theirs(at, sally, dora, hanna, midnight):
    olga = make_user(Role.SALES_REP, name="Olga Other")
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, at=at)
    away(dora, olga, WEDNESDAY, WEDNESDAY, at=at)
    standing_in.settle(at=midnight)
    assert clock_of(lead, "acceptance").owner == dora

    assert standing_in.settle(at=midnight + DAY) == 2
    assert (stood_in(sally), stood_in(dora)) == (olga, olga)


def test_two_who_stand_in_for_each_other_leave_it_to_the_head(
    at, sally, dora, hanna, midnight
):
    away(sally, dora, at=at)
    away(dora, sally, at=at)
    standing_in.settle(at=midnight)

    assert (stood_in(sally), stood_in(dora)) == (hanna, hanna)


def test_a_head_is_stood_in_for_by_whoever_deputises(at, hanna, midnight):
    other = make_user(Role.SALES_REP, name="Second Head", deputy_for="sales")
    away(hanna, at=at)
    standing_in.settle(at=midnight)

    assert stood_in(hanna) == other


def test_with_nobody_there_clocks_stay(at, sally, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, at=at)

    assert standing_in.settle(at=midnight) == 0
    assert clock_of(lead).owner == sally


def test_a_deputy_who_leaves_is_replaced_by_the_head(at, sally, dora, hanna, midnight):
    away(sally, dora, at=at)
    standing_in.settle(at=midnight)
    User.objects.filter(pk=dora.pk).update(is_active=False)

    assert due.anybody_to_settle() is True
    assert standing_in.settle(at=midnight + HOUR) == 1
    assert stood_in(sally) == hanna


def test_a_worker_that_comes_late_does_what_is_left(at, sally, dora, midnight):
    """Two hours late it passes then; after the end there is nothing to pass."""
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, TUESDAY, TUESDAY, at=at)
    standing_in.settle(at=midnight + 9.5 * HOUR)  # 09:30, half an hour later

    clock = clock_of(lead)
    assert [
        row.starts_at for row in Segment.objects.filter(clock=clock).order_by("id")
    ] == [at + 5 * HOUR, midnight + 9.5 * HOUR]
    assert clock.due_at == midnight + 11.5 * HOUR  # half an hour from eleven on

    other = make_user(Role.SALES_REP)
    away(other, dora, TUESDAY, TUESDAY, at=at)
    standing_in.settle(at=midnight + 3 * DAY)
    assert stood_in(other) is None


def test_doing_it_again_changes_nothing(at, sally, dora, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, at=at)
    standing_in.settle(at=midnight)
    entries, segments = Entry.objects.count(), Segment.objects.count()

    assert standing_in.settle(at=midnight + HOUR) == 0
    standing_in.settle_again(sally.pk, at=midnight + HOUR)

    assert (Entry.objects.count(), Segment.objects.count()) == (entries, segments)
    assert Job.objects.filter(kind="sla.stand_ins_again").count() == 1


def test_the_worker_does_it(sally, dora):
    """By the database's time, so the vacation is one of today."""
    now = due.database_now()
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", now)
    today = now.date()
    away(sally, dora, today - DAY, today + DAY, at=now)
    jobs.enqueue("sla.stand_ins", at=now - DAY)
    jobs.enqueue(standing_in.AGAIN, {"person": sally.pk}, at=now - HOUR)

    assert (run_next("fast"), run_next("fast")) == (True, True)

    assert (clock_of(lead).owner, clock_of(lead).segments) == (dora, 2)
    done = Job.objects.filter(state=JobState.DONE)
    assert set(done.values_list("kind", flat=True)) == {
        "sla.stand_ins",
        "sla.stand_ins_again",
    }


def test_a_worker_that_dies_leaves_nothing_half_done(
    at, sally, dora, midnight, monkeypatch
):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, at=at)

    def die(*_, **__):
        raise SystemExit

    monkeypatch.setattr("foundation.jobs.actions.jobs.enqueue", die)
    with pytest.raises(SystemExit):
        standing_in.settle(at=midnight)
    assert (stood_in(sally), clock_of(lead).owner) == (None, sally)
    assert not Segment.objects.exists()

    monkeypatch.undo()
    assert standing_in.settle(at=midnight) == 1
    assert (clock_of(lead).owner, clock_of(lead).segments) == (dora, 2)


def test_a_lead_given_at_that_very_moment_follows_a_minute_later(
    at, sally, dora, midnight
):
    """Somebody's transaction had read that nobody stood in, and ended afterwards."""
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", midnight + 10 * HOUR)
    away(sally, dora, at=at)
    User.objects.filter(pk=sally.pk).update(
        stood_in_by=dora, stood_in_since_at=midnight
    )
    standing_in.settle_again(sally.pk, at=midnight + 10.5 * HOUR)

    assert clock_of(lead).owner == dora


def test_a_clock_past_its_time_stays_where_it_broke(at, sally, dora, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    sweep_all(at + 4 * HOUR)
    away(sally, dora, at=at)
    standing_in.settle(at=midnight)

    assert Breach.objects.get(clock=clock_of(lead)).owner == sally
    assert clock_of(lead).owner == sally


def test_the_deputy_works_them_in_their_queue(at, sally, dora, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, at=at)
    assert queries.queue_for(dora) == []
    standing_in.settle(at=midnight)
    sally.refresh_from_db()
    dora = User.objects.get(pk=dora.pk)

    assert [row.lead_id for row in queries.queue_for(dora)] == [lead.pk]
    assert queries.queue_for(sally) == []
    assert may_work(dora, lead)
    decisions.accept(lead, by=dora, at=midnight + 11 * HOUR)
    decisions.accept(lead, by=dora, at=midnight + 12 * HOUR)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == ("sal", sally)
    standing_in.settle(at=midnight + 2 * DAY)
    assert not may_work(User.objects.get(pk=dora.pk), lead)


def test_turns_pass_over_people_on_vacation(at, sally, hanna, midnight):
    User.objects.filter(pk=sally.pk).update(takes_leads=True)
    there = make_user(Role.SALES_REP, takes_leads=True)
    away(sally, at=at)
    ids = [make_lead().pk for _ in range(3)]

    given = assignments.hand_out(ids, by=hanna, at=midnight)

    assert set(given.values()) == {there.pk}
    given = assignments.hand_out(ids, by=hanna, at=midnight + 2 * DAY)
    assert set(given.values()) == {there.pk, sally.pk}


def test_taking_it_back_brings_clocks_back(at, sally, dora, midnight):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at + 5 * HOUR)
    row = away(sally, dora, at=at)
    standing_in.settle(at=midnight)
    vacations.take_back(row, by=sally, at=midnight + HOUR)
    vacations.take_back(row, by=sally, at=midnight + HOUR)

    assert standing_in.settle(at=midnight + HOUR) == 1
    assert clock_of(lead).owner == sally
    assert Event.objects.filter(kind="accounts.vacation.taken_back").count() == 1


def test_hand_overs_come_in_sets(at, dora, midnight, count_queries):
    def pass_on(number):
        person = make_user(Role.SALES_REP)
        for _ in range(number):
            move(make_lead(owner_id=person.pk), "mql", at + 5 * HOUR)
        away(person, dora, at=at)
        return count_queries(standing_in.settle, at=midnight)

    assert pass_on(1) == pass_on(3) == pass_on(20)
    assert Clock.objects.filter(owner=dora, segments=2).count() == 2 * 24


@pytest.mark.parametrize(
    ("first", "last", "error", "field"),
    [
        (WEDNESDAY, TUESDAY, vacations.WrongVacation, "ends_on"),
        (date(2026, 2, 1), date(2026, 2, 2), vacations.WrongVacation, "ends_on"),
        (TUESDAY, date(2028, 1, 1), vacations.WrongVacation, "ends_on"),
        (date(2026, 3, 10), date(2026, 3, 12), vacations.AwayAlready, "starts_on"),
    ],
)
def test_days_that_cannot_be_are_refused(at, sally, first, last, error, field):
    away(sally, None, date(2026, 3, 12), date(2026, 3, 20), at=at)

    with pytest.raises(error) as refusal:
        away(sally, None, first, last, at=at)

    assert refusal.value.field == field
    assert Vacation.objects.count() == 1


def test_a_deputy_is_somebody_else_of_the_department(at, sally, mark):
    gone = make_user(Role.SALES_REP, is_active=False)
    for deputy in (sally, mark, gone):
        with pytest.raises(vacations.WrongDeputy):
            away(sally, deputy, at=at)
    assert not Vacation.objects.exists()


def test_who_writes_vacations_down(at, sally, dora, hanna, marta, lena):
    operations = make_user(Role.REVENUE_OPERATIONS)
    for number, by in enumerate((sally, hanna, lena, operations)):
        day = TUESDAY + number * DAY
        vacations.write_down(Wish(sally, day, day), by=by, at=at)
    for by in (dora, marta):
        with pytest.raises(vacations.NotYourVacation):
            vacations.write_down(Wish(sally, TUESDAY, TUESDAY), by=by, at=at)
    assert Vacation.objects.count() == 4


def test_days_are_those_of_the_persons_zone(at):
    person = make_user(Role.SALES_REP, time_zone="America/New_York")
    row = away(person, None, TUESDAY, TUESDAY, at=at)

    assert row.starts_at.isoformat() == "2026-03-03T00:00:00-05:00"
    assert row.ends_at - row.starts_at == DAY


def test_the_night_on_which_clocks_change_makes_the_day_shorter(at, sally):
    """Bucharest sets its clocks forward on 29 March 2026."""
    row = away(sally, None, date(2026, 3, 29), date(2026, 3, 29), at=at)

    assert Vacation.objects.get(pk=row.pk).ends_at - row.starts_at.astimezone(
        at.tzinfo
    ) == timedelta(hours=23)


@pytest.mark.django_db(transaction=True)
def test_two_workers_pass_it_once(at, sally, dora, midnight):
    leads = [make_lead(owner_id=sally.pk) for _ in range(5)]
    for lead in leads:
        move(lead, "mql", at + 5 * HOUR)
    away(sally, dora, at=at)
    start, done = Barrier(4), []

    def work():
        start.wait()
        done.append(standing_in.settle(at=midnight))
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [0, 0, 0, 1]
    assert Segment.objects.count() == 5 * 2 * 2
    assert Event.objects.filter(kind="accounts.person.stood_in").count() == 1
