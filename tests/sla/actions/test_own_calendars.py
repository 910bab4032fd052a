"""A person's hours, else the team's, else everybody's; versions that never change."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from foundation.accounts.enums import Function, Role
from foundation.ledger.models import Event
from leads.actions import leads
from sla.actions import calendars
from sla.actions.calendars import Draft
from sla.models import Calendar
from sla.queries import calendars as queries
from sla.queries.calendars import EVERYBODY, Holder
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead, move
from tests.factories.sla import HOUR, call, clock_of, make_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agreed")]
TO = "\N{EN DASH}"
MONDAYS = {"mon": [["10:00", "12:00"], ["14:00", "15:00"]]}


@pytest.fixture
def team(db):
    """Works around the clock."""
    team = make_team(name="Night shift")
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    make_calendar(team=team, weekly={day: [["22:00", "06:00"]] for day in days})
    return team


@pytest.fixture
def nadia(team):
    return make_user(Role.SALES_REP, name="Nadia Night", team=team)


def test_a_clock_counts_in_the_hours_of_the_person(at, nadia):
    make_calendar(person=nadia, weekly=MONDAYS, at=at - HOUR)
    lead = make_lead(owner_id=nadia.pk)

    move(lead, "mql", at - HOUR)  # 11:00 in Bucharest

    clock = clock_of(lead)
    assert clock.calendar.person == nadia
    assert clock.due_at == at + 3 * HOUR  # one hour until 12:00, one until 15:00


def test_a_person_without_hours_goes_by_those_of_the_team(at, nadia):
    lead = make_lead(owner_id=nadia.pk)

    move(lead, "mql", at)

    assert clock_of(lead).calendar.team == nadia.team
    assert clock_of(lead).due_at == at + 12 * HOUR  # from 22:00 to midnight


def test_hours_of_ones_own_hold_from_their_beginning_only(at, nadia):
    """A team's first version is for what was before it too; a person's is not."""
    make_calendar(person=nadia, weekly=MONDAYS, at=at + HOUR)
    lead = make_lead(owner_id=nadia.pk)

    move(lead, "mql", at)

    assert clock_of(lead).calendar.team == nadia.team


def test_hours_of_ones_own_can_be_given_up(at, nadia, hanna):
    make_calendar(person=nadia, weekly=MONDAYS, at=at - HOUR)
    row = calendars.follow(person=nadia, by=hanna, at=at)
    again = calendars.follow(person=nadia, by=hanna, at=at + HOUR)

    lead = make_lead(owner_id=nadia.pk)
    move(lead, "mql", at)

    assert again == row
    assert (row.version, row.follows, row.person) == (2, True, nadia)
    assert clock_of(lead).calendar.team == nadia.team
    assert queries.own(Holder(person=nadia), at=at) is None
    assert queries.counting(Holder(person=nadia), at=at).team == nadia.team
    renewed = make_calendar(person=nadia, weekly=MONDAYS, at=at + HOUR)
    assert renewed.version == 3


def test_a_team_can_go_by_everybodys_hours(at, nadia, hanna):
    calendars.follow(team=nadia.team, by=hanna, at=at)
    lead = make_lead(owner_id=nadia.pk)

    move(lead, "mql", at)

    assert clock_of(lead).calendar.team is None
    assert clock_of(lead).due_at == at + 2 * HOUR


def test_there_must_be_hours_to_give_up(at, nadia, hanna):
    with pytest.raises(calendars.NothingToFollow):
        calendars.follow(person=nadia, by=hanna, at=at)
    with pytest.raises(calendars.NothingToFollow):
        calendars.follow(by=hanna, at=at)


def test_a_hand_over_counts_on_in_the_new_owners_hours(at, sally, nadia):
    make_calendar(person=nadia, weekly=MONDAYS, at=at - HOUR)
    lead = make_lead(owner_id=sally.pk)
    move(lead, "mql", at)
    lead.refresh_from_db()
    leads.change(lead, {"owner_id": nadia.pk}, by=None, at=at + HOUR / 2)
    call(lead, at + 2.5 * HOUR)

    assert clock_of(lead).elapsed_seconds == 1_800 + 1_800


@pytest.mark.parametrize(
    ("role", "whose", "may"),
    [
        (Role.REVENUE_OPERATIONS, "sales", True),
        (Role.REVENUE_OPERATIONS, "marketing", True),
        (Role.REVENUE_OPERATIONS, "all", True),
        (Role.HEAD_OF_SALES, "sales", True),
        (Role.HEAD_OF_SALES, "person", True),
        (Role.HEAD_OF_SALES, "all", True),
        (Role.HEAD_OF_SALES, "marketing", False),
        (Role.HEAD_OF_MARKETING, "person", False),
        (Role.SALES_REP, "person", False),
        (Role.LEADERSHIP, "all", False),
    ],
)
def test_who_draws_up_which_hours(at, nadia, role, whose, may):
    holder = {
        "sales": {"team": nadia.team},
        "marketing": {"team": make_team(Function.MARKETING)},
        "person": {"person": nadia},
        "all": {},
    }[whose]
    draft = Draft("Hours", "Europe/Warsaw", **holder)
    before = Calendar.objects.count()

    if may:
        calendars.draw_up(draft, by=make_user(role), at=at)
    else:
        with pytest.raises(calendars.NotYourHours):
            calendars.draw_up(draft, by=make_user(role), at=at)

    assert Calendar.objects.count() == before + may


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"weekly": {}}, "weekly", "These hours never open."),
        (
            {"weekly": {"tue": [["09:00", "12:30"], ["12:00", "18:00"]]}},
            "weekly.tue",
            f"Tuesday: 09:00{TO}12:30 and 12:00{TO}18:00 overlap.",
        ),
        (
            {"special": {date(2026, 5, 9): [["09:00", "11:00"], ["10:00", "12:00"]]}},
            "special.2026-05-09",
            f"9 May 2026: 09:00{TO}11:00 and 10:00{TO}12:00 overlap.",
        ),
        ({"time_zone": "Mars/Base"}, "tz", "There is no such time zone."),
        ({"country": "XX"}, "country", "The holidays of this country are not known."),
    ],
)
def test_what_cannot_be_counted_names_its_place(at, changes, place, said):
    fields = {"name": "Hours", "time_zone": "Europe/Bucharest", **changes}

    with pytest.raises(calendars.WrongCalendar) as refusal:
        calendars.draw_up(Draft(**fields), by=None, at=at)

    assert refusal.value.field == place
    assert str(refusal.value).startswith(said)


def test_faults_are_said_in_the_readers_language(at):
    weekly = {"tue": [["09:00", "12:30"], ["12:00", "18:00"]]}
    draft = Draft("Hours", "Europe/Bucharest", weekly=weekly)

    with translation.override("ro"), pytest.raises(calendars.WrongCalendar) as told:
        calendars.draw_up(draft, by=None, at=at)

    assert str(told.value).startswith(f"marți: 09:00{TO}12:30")


def test_hours_cannot_begin_in_the_past(at, nadia):
    draft = Draft("Hours", "Europe/Bucharest", person=nadia)

    with pytest.raises(calendars.WrongCalendar) as refusal:
        calendars.draw_up(draft, by=None, at=at, effective_at=at - HOUR)

    assert refusal.value.field == "effective_at"
    assert not Calendar.objects.filter(person=nadia).exists()


def test_every_country_that_the_library_knows_has_its_holidays(at):
    for country, day in [("DE", "2026-10-03"), ("JP", "2026-02-11")]:
        row = make_calendar(country=country, at=at)
        assert day in row.public_holidays


def test_a_version_never_changes(at, nadia):
    row = make_calendar(person=nadia, at=at)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Calendar.objects.filter(pk=row.pk).update(name="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.create(
            name="Both",
            team=nadia.team,
            person=nadia,
            version=9,
            weekly={},
            effective_at=at,
        )


def test_it_stands_in_the_ledger(at, nadia, hanna):
    row = calendars.draw_up(
        Draft("Hours", "Europe/Bucharest", person=nadia), by=hanna, at=at
    )

    event = Event.objects.get(kind="sla.calendar.drawn_up", subject_id=row.pk)
    assert event.payload == {
        "team": None,
        "person": nadia.pk,
        "version": 1,
        "follows": False,
    }
    assert event.entry.actor == hanna


def test_addresses_name_a_holder(nadia):
    person, team = Holder(person=nadia), Holder(team=nadia.team)

    assert queries.holder(person.slug) == person
    assert queries.holder(team.slug) == team
    assert queries.holder("all") == EVERYBODY
    for slug in ("person-0", "team-x", "person-", "nobody-1", "team-" + "9" * 30):
        assert queries.holder(slug) is None


def test_a_version_to_come_holds_from_then_on(at, nadia):
    draft = Draft("Later", "Europe/Bucharest", weekly=MONDAYS, person=nadia)
    calendars.draw_up(draft, by=None, at=at, effective_at=at + timedelta(days=1))

    whose = Holder(person=nadia)
    assert queries.counting(whose, at=at).team == nadia.team
    assert queries.counting(whose, at=at + timedelta(days=1)).person == nadia


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_up_at_once_make_two_versions(at):
    person, start = make_user(Role.SALES_REP), Barrier(2)

    def draw_up(zone):
        start.wait()
        draft = Draft("Hours", zone, person=person)
        calendars.draw_up(draft, by=None, at=datetime(2026, 3, 2, tzinfo=UTC))
        connection.close()

    threads = [Thread(target=draw_up, args=[z]) for z in ("Asia/Tokyo", "Europe/Rome")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = Calendar.objects.filter(person=person).order_by("version")
    assert [row.version for row in rows] == [1, 2]
    assert {row.time_zone for row in rows} == {"Asia/Tokyo", "Europe/Rome"}
