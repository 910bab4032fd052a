"""Changing a calendar recomputes only what the signers chose (issue's judged line)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from foundation.accounts.enums import Role
from foundation.jobs.actions.running import run_next
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.ledger.models import Event
from leads.actions import leads
from sla.actions import calendars, pauses, recounts
from sla.actions.calendars import Draft
from sla.actions.pauses import Wish
from sla.domain.calendar_form import WEEKDAYS
from sla.enums import PauseReason
from sla.models import Clock, Recount, Segment
from sla.queries import explanations
from sla.queries import recounts as queries
from sla.queries.due import database_now
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, make_calendar, sweep_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
SHORT = {day: [["09:00", "13:00"]] for day in WEEKDAYS[:5]}


@pytest.fixture
def shorter(at):
    """From an hour after noon on everybody works until 13:00 only."""

    def draw_up(**holder):
        draft = Draft("Short", "Europe/Bucharest", weekly=SHORT, **holder)
        return calendars.draw_up(draft, by=None, at=at + HOUR / 2)

    return draw_up


@pytest.fixture
def opened(at, sally):
    """Three leads of Sally's that qualified at noon: contact is due at 14:00."""
    made = [make_lead(owner_id=sally.pk) for _ in range(3)]
    for lead in made:
        move(lead, "mql", at)
    return made


def work(row, *, at):
    """Do what the worker does."""
    row, last = Recount.objects.select_related("calendar").get(pk=row.pk), 0
    while last := recounts.do_batch(row, after=last, at=at):
        pass
    recounts.finish(row, at=at)


def chosen_by_both(row, ids, hanna, marta, *, at):
    made = recounts.propose(row, ids, by=hanna, at=at)
    recounts.agree(made, by=marta, at=at)
    made.refresh_from_db()
    return made


def snapshot():
    names = [f.attname for f in Clock._meta.concrete_fields]
    return {row["id"]: row for row in Clock.objects.values(*names)}


def test_a_changed_calendar_alone_changes_no_clock(at, opened, shorter):
    before = snapshot()

    shorter()
    sweep_all(at + HOUR)

    assert snapshot() == before
    assert not Recount.objects.exists()


def test_only_the_chosen_clocks_count_anew(at, opened, shorter, hanna, marta):
    row = shorter()
    first, second = (clock_of(lead) for lead in opened[:2])
    before = snapshot()
    made = chosen_by_both(row, [first.pk, second.pk], hanna, marta, at=at + HOUR / 2)

    work(made, at=at + HOUR / 2)

    changed = {pk for pk, values in snapshot().items() if values != before[pk]}
    assert changed == {first.pk, second.pk}
    first.refresh_from_db()
    assert first.calendar == row
    assert first.due_at == at + 22 * HOUR  # one hour until 13:00, one on Tuesday
    assert first.breach_at == at + 22 * HOUR
    assert first.warn_at == at + 21.5 * HOUR
    made.refresh_from_db()
    assert (made.counted, made.done_at) == (2, at + HOUR / 2)


def test_all_open_clocks_can_be_chosen(at, opened, shorter, hanna, marta):
    row = shorter()
    made = chosen_by_both(row, None, hanna, marta, at=at + HOUR / 2)
    work(made, at=at + HOUR / 2)

    assert set(Clock.objects.values_list("calendar", flat=True)) == {row.pk}
    made.refresh_from_db()
    assert made.counted == 6


def test_it_stands_in_the_ledger(at, opened, shorter, hanna, marta):
    row, clock = shorter(), clock_of(opened[0])
    made = chosen_by_both(row, [clock.pk], hanna, marta, at=at + HOUR / 2)
    work(made, at=at + HOUR / 2)

    rows = Event.objects.filter(kind__contains="recount").order_by("pk")
    assert [(e.kind, e.subject_id, e.entry.actor, e.payload) for e in rows] == [
        ("sla.recount.proposed", made.pk, hanna, {"calendar": row.pk, "clocks": 1}),
        ("sla.recount.agreed", made.pk, marta, {"calendar": row.pk, "clocks": 1}),
        (
            "sla.clock.recounted",
            clock.pk,
            None,
            {"lead": opened[0].pk, "kind": "first_response", "round": 1},
        ),
    ]


def test_one_side_alone_starts_nothing(at, opened, shorter, hanna):
    made = recounts.propose(shorter(), None, by=hanna, at=at + HOUR / 2)
    recounts.agree(made, by=hanna, at=at + HOUR / 2)
    made.refresh_from_db()

    assert (made.sales_by, made.marketing_by, made.agreed_at) == (hanna, None, None)
    assert not Job.objects.filter(kind=recounts.KIND).exists()


def test_who_signs_for_both_agrees_at_once(at, opened, shorter, lena):
    """Leadership does where neither function has a head."""
    made = recounts.propose(shorter(), None, by=lena, at=at + HOUR / 2)

    assert (made.sales_by, made.marketing_by) == (lena, lena)
    assert made.agreed_at == at + HOUR / 2
    assert Job.objects.get().payload == {"recount": made.pk}


def test_only_signers_choose(at, opened, shorter, sally, hanna, marta):
    row, operations = shorter(), make_user(Role.REVENUE_OPERATIONS)
    made = recounts.propose(row, None, by=hanna, at=at + HOUR / 2)

    for by in (sally, operations):
        with pytest.raises(recounts.NotASigner):
            recounts.propose(row, None, by=by, at=at + HOUR / 2)
        with pytest.raises(recounts.NotASigner):
            recounts.agree(made, by=by, at=at + HOUR / 2)
        with pytest.raises(recounts.NotASigner):
            recounts.withdraw(made, by=by, at=at + HOUR / 2)
    made.refresh_from_db()
    assert (made.agreed_at, made.withdrawn_at) == (None, None)


def test_another_proposal_takes_its_place(at, opened, shorter, hanna, marta):
    row, clock = shorter(), clock_of(opened[0])
    first = recounts.propose(row, None, by=hanna, at=at + HOUR / 2)
    second = recounts.propose(row, [clock.pk], by=marta, at=at + HOUR / 2)

    with pytest.raises(recounts.NotOpen):
        recounts.agree(first, by=marta, at=at + HOUR)
    assert queries.open_recount(row) == second
    recounts.withdraw(second, by=hanna, at=at + HOUR)
    recounts.withdraw(second, by=hanna, at=at + HOUR)
    assert queries.open_recount(row) is None
    assert Event.objects.filter(kind="sla.recount.withdrawn").count() == 1


def test_what_was_agreed_is_not_taken_back(at, opened, shorter, hanna, marta):
    made = chosen_by_both(shorter(), None, hanna, marta, at=at + HOUR / 2)
    recounts.agree(made, by=marta, at=at + HOUR)

    with pytest.raises(recounts.NotOpen):
        recounts.withdraw(made, by=hanna, at=at + HOUR)
    assert Job.objects.filter(kind=recounts.KIND).count() == 1


def test_there_must_be_something_to_count_anew(at, shorter, hanna):
    with pytest.raises(recounts.NothingToCountAnew):
        recounts.propose(shorter(), None, by=hanna, at=at + HOUR / 2)
    assert not Recount.objects.exists()


def test_what_ended_or_passed_its_time_meanwhile_is_left(
    at, opened, shorter, hanna, marta
):
    made = chosen_by_both(shorter(), None, hanna, marta, at=at + HOUR / 2)
    call(opened[0], at + 0.75 * HOUR)
    before = snapshot()
    work(made, at=at + 2.5 * HOUR)  # contact was due at 14:00, and nobody has swept

    after = snapshot()
    changed = {pk for pk, values in after.items() if values != before[pk]}
    assert {after[pk]["kind"] for pk in changed} == {"acceptance"}
    assert len(changed) == 3


def test_history_is_left(at, shorter, hanna, sally):
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at, at=at + 72 * HOUR)

    assert clock_of(lead).history
    assert not queries.to_count_anew(shorter(), at=at).exists()


def test_pauses_and_hand_overs_too(at, opened, shorter, hanna, marta, sally):
    """Sally's time counts in the new hours, less the pause; Wanda's as before."""
    team = make_team(name="Warsaw")
    make_calendar(team=team, time_zone="Europe/Warsaw")
    wanda, lead = make_user(Role.SALES_REP, team=team), opened[0]
    asked = call(lead, at + HOUR / 4, direction="inbound", team="")
    wish = Wish(PauseReason.LEAD_ASKED, at + HOUR / 2, asked)
    pauses.pause(clock_of(lead), wish, by=sally, at=at + HOUR / 4)
    sweep_all(at + HOUR / 2)
    leads.change(lead, {"owner_id": wanda.pk}, by=None, at=at + 0.6 * HOUR)
    leads.change(lead, {"owner_id": sally.pk}, by=None, at=at + 0.75 * HOUR)

    made = chosen_by_both(shorter(), None, hanna, marta, at=at + 0.8 * HOUR)
    work(made, at=at + 0.8 * HOUR)

    clock = clock_of(lead)
    # Counted until 13:00: an hour less the quarter of the pause. 1.25 h are left.
    assert clock.due_at == at + 22.25 * HOUR
    assert clock.segments == Segment.objects.filter(clock=clock).count() == 5
    told = explanations.explain(clock, at=at + 0.8 * HOUR)
    assert [(h.owner, h.calendar.version, h.seconds) for h in told.holders] == [
        (sally, made.calendar.version, 0.35 * 3600),
        (wanda, 1, 0.15 * 3600),
        (sally, made.calendar.version, 0.05 * 3600),
    ]
    call(lead, at + HOUR)
    assert clock_of(lead).elapsed_seconds == 0.75 * 3600


def test_hours_of_a_persons_own_take_only_their_clocks_along(
    at, opened, shorter, sally, hanna, marta
):
    other = make_lead(owner_id=make_user(Role.SALES_REP).pk)
    move(other, "mql", at)
    row = shorter(person=sally)

    found = queries.to_count_anew(row, at=at)
    assert set(found.values_list("lead", flat=True)) == {lead.pk for lead in opened}
    work(chosen_by_both(row, None, hanna, marta, at=at + HOUR), at=at + HOUR)
    assert clock_of(other).calendar.person is None
    assert clock_of(opened[0]).calendar == row


def test_everybodys_hours_leave_those_alone_who_have_their_own(at, shorter, sally):
    team = make_team(name="Own")
    make_calendar(team=team, at=at - HOUR)
    make_calendar(person=sally, at=at - HOUR)
    owners = [None, sally, make_user(Role.SALES_REP, team=team), make_user()]
    rows = [make_lead(owner_id=owner and owner.pk) for owner in owners]
    rows.append(make_lead(owner_id=make_user(Role.SALES_REP, team=make_team()).pk))
    for lead in rows:
        move(lead, "mql", at)

    found = queries.to_count_anew(shorter(), at=at + HOUR)

    expected = {rows[0].pk, rows[3].pk, rows[4].pk}
    assert set(found.values_list("lead", flat=True)) == expected


def test_giving_up_ones_own_hours_counts_in_those_above(
    at, opened, shorter, sally, hanna, marta
):
    row = shorter(person=sally)
    work(chosen_by_both(row, None, hanna, marta, at=at + HOUR), at=at + HOUR)
    back = calendars.follow(person=sally, by=None, at=at + HOUR)
    work(chosen_by_both(back, None, hanna, marta, at=at + HOUR), at=at + HOUR)

    clock = clock_of(opened[0])
    assert (clock.calendar.person, clock.due_at) == (None, at + 2 * HOUR)


def test_the_worker_does_it_batch_by_batch(agreed, sally, hanna, marta, monkeypatch):
    monkeypatch.setattr(recounts, "BATCH", 2)
    now = database_now()
    later = [make_lead(owner_id=sally.pk) for _ in range(3)]
    for lead in later:
        move(lead, "mql", now - timedelta(minutes=1))
    row = make_calendar(time_zone="Europe/Warsaw", weekly=SHORT, at=now - HOUR / 2)
    chosen_by_both(row, None, hanna, marta, at=now - HOUR / 4)

    assert run_next("long") is True

    job = Job.objects.get(kind=recounts.KIND)
    assert (job.state, Recount.objects.get().counted) == (JobState.DONE, 6)
    owned = Clock.objects.filter(lead__in=later)
    assert set(owned.values_list("calendar", flat=True)) == {row.pk}


def test_a_worker_that_died_goes_on_where_it_was(at, opened, shorter, hanna, marta):
    made = chosen_by_both(shorter(), None, hanna, marta, at=at + HOUR / 2)
    row = Recount.objects.select_related("calendar").get(pk=made.pk)
    ids = sorted(Clock.objects.values_list("pk", flat=True))
    recounts.BATCH, whole = 2, recounts.BATCH
    try:
        recounts.do_batch(row, after=0, at=at + HOUR / 2)
    finally:
        recounts.BATCH = whole
    work(made, at=at + HOUR / 2)

    rows = Event.objects.filter(kind="sla.clock.recounted").order_by("pk")
    assert list(rows.values_list("subject_id", flat=True)) == ids
    made.refresh_from_db()
    assert made.counted == 6


def test_it_costs_the_same_for_many(at, sally, shorter, hanna, marta, count_queries):
    def batch(number, version):
        for _ in range(number):
            move(make_lead(owner_id=sally.pk), "mql", at)
        draft = Draft(f"Hours {version}", "Europe/Bucharest", weekly=SHORT)
        row = calendars.draw_up(draft, by=None, at=at)
        made = chosen_by_both(row, None, hanna, marta, at=at)
        made = Recount.objects.select_related("calendar").get(pk=made.pk)
        return count_queries(recounts.do_batch, made, after=0, at=at)

    batch(1, 0)
    assert batch(1, 1) == batch(3, 2) == batch(20, 3)


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_once_start_it_once(at, opened, shorter, hanna, marta):
    made = recounts.propose(shorter(), None, by=hanna, at=at + HOUR / 2)
    start = Barrier(3)

    def agree():
        start.wait()
        recounts.agree(made, by=marta, at=at + HOUR / 2)
        connection.close()

    threads = [Thread(target=agree) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Job.objects.filter(kind=recounts.KIND).count() == 1
    assert Event.objects.filter(kind="sla.recount.agreed").count() == 1
