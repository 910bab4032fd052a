from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from foundation.kernel import clock
from foundation.ledger.models import Event
from sla.actions import agreement, calendars, defaults
from sla.actions.agreement import Draft, Promise
from sla.enums import ClauseKind, Side
from sla.models import Agreement, Calendar, Clause
from sla.queries import agreement as queries
from tests.factories.accounts import make_team
from tests.factories.sla import HOUR, LONG_AGO, make_agreement, make_calendar
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db


def test_a_new_workspace_has_hours_and_an_agreement_to_begin_with():
    hours, first = Calendar.objects.get(), Agreement.objects.get()

    assert (hours.team, hours.version, hours.entry_id) == (None, 1, None)
    assert (hours.time_zone, hours.country) == ("Europe/Bucharest", "RO")
    assert hours.weekly == {
        day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
    }
    assert (first.version, first.entry_id) == (1, None)
    clauses = first.clauses.values_list("kind", "target_seconds", "attainment")
    assert list(clauses) == [
        ("first_response", 7_200, Decimal("0.9")),
        ("acceptance", 32_400, Decimal("0.9")),
    ]


def test_the_beginnings_are_added_once():
    defaults.add_defaults(at=clock.now())

    assert (Calendar.objects.count(), Agreement.objects.count()) == (1, 1)


def test_an_agreement_is_put_into_force_as_the_next_version(at, lena):
    promises = [
        Promise(ClauseKind.FIRST_RESPONSE, HOUR / 2, Decimal("0.8"), source="demo"),
        Promise(ClauseKind.VOLUME, text="1 400 leads"),
        Promise(ClauseKind.KEEPING, 4 * HOUR),
    ]
    draft = Draft(promises, text="Between us.", review_on=date(2026, 9, 1))

    row = agreement.put_in_force(draft, by=lena, at=at)

    assert (row.version, row.effective_at, row.review_on) == (2, at, date(2026, 9, 1))
    clauses = row.clauses.values_list("place", "kind", "side", "source")
    assert list(clauses) == [
        (1, "first_response", Side.SALES, "demo"),
        (2, "volume", Side.MARKETING, ""),
        (3, "keeping", Side.BOTH, ""),
    ]
    assert row.clauses.get(place=3).target == 4 * HOUR
    assert row.clauses.get(place=2).target is None
    event = Event.objects.get(kind="sla.agreement.put_in_force")
    assert (event.entry_id, event.payload) == (row.entry_id, {"version": 2})


def test_the_version_in_force_at_a_moment(at):
    first = Agreement.objects.get()
    second = make_agreement(at=LONG_AGO)
    draft = Draft([Promise(ClauseKind.ACCEPTANCE, HOUR)])
    third = agreement.put_in_force(
        draft, by=None, at=at, effective_at=at + timedelta(days=7)
    )

    assert queries.in_force(at=LONG_AGO - HOUR) == second  # the earliest there is
    assert queries.in_force(at=at) == second
    assert queries.in_force(at=at + timedelta(days=7)) == third
    assert queries.in_force(at=first.effective_at) == third
    Clause.objects.none()


@pytest.mark.parametrize(
    ("draft", "place"),
    [
        (Draft([Promise(ClauseKind.ACCEPTANCE)]), "promises[0].target"),
        (Draft([Promise(ClauseKind.ANSWER, timedelta())]), "promises[0].target"),
        (
            Draft([Promise(ClauseKind.QUALITY, attainment=Decimal("1.1"))]),
            "promises[0].attainment",
        ),
        (
            Draft([Promise(ClauseKind.QUALITY, attainment=Decimal(0))]),
            "promises[0].attainment",
        ),
        (Draft([], warning_share=Decimal(0)), "warning_share"),
    ],
)
def test_what_cannot_be_measured_is_refused(at, draft, place):
    with pytest.raises(agreement.WrongAgreement) as refusal:
        agreement.put_in_force(draft, by=None, at=at)
    assert refusal.value.field == place
    assert Agreement.objects.count() == 1


def test_an_agreement_does_not_begin_in_the_past(at):
    draft = Draft([Promise(ClauseKind.ACCEPTANCE, HOUR)])

    with pytest.raises(agreement.WrongAgreement):
        agreement.put_in_force(draft, by=None, at=at, effective_at=at - HOUR)


def test_hours_are_drawn_up_as_versions_of_a_team(at, hanna):
    team = make_team()
    draft = calendars.Draft(
        "Warsaw",
        "Europe/Warsaw",
        country="PL",
        days_off={date(2026, 5, 2): "Bridge day"},
        special={date(2026, 5, 9): [["10:00", "14:00"]]},
        team=team,
    )

    row = calendars.draw_up(draft, by=hanna, at=at)
    again = calendars.draw_up(draft, by=hanna, at=at + HOUR)

    assert (row.version, row.team, row.effective_at) == (1, team, at)
    assert again == row
    assert row.public_holidays["2026-12-24"]
    years = {day[:4] for day in row.public_holidays}
    assert (min(years), max(years)) == ("2006", "2036")
    hours = row.hours
    assert hours.is_day_off(date(2026, 5, 2))
    assert hours.is_working_day(date(2026, 5, 9))
    assert hours.holiday_names[date(2026, 5, 2)] == "Bridge day"
    assert Event.objects.filter(kind="sla.calendar.drawn_up").count() == 1

    changed = calendars.draw_up(
        calendars.Draft("Warsaw", "Europe/Warsaw", team=team), by=hanna, at=at + HOUR
    )
    assert (changed.version, changed.public_holidays) == (2, {})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"weekly": {}}, "weekly"),
        ({"weekly": {"mon": [["9", "17:00"]]}}, "weekly.mon[0]"),
        ({"time_zone": "Europe/Atlantis"}, "tz"),
        ({"country": "XX"}, "country"),
    ],
)
def test_hours_that_cannot_be_counted_with_are_refused(at, changes, place):
    fields = {"name": "Hours", "time_zone": "Europe/Bucharest", **changes}

    with pytest.raises(calendars.WrongCalendar) as refusal:
        calendars.draw_up(calendars.Draft(**fields), by=None, at=at)
    assert refusal.value.field == place
    assert Calendar.objects.count() == 1


def test_hours_in_force_of_everybody_and_of_each_team(at):
    team = make_team()
    make_calendar(name="Office", at=LONG_AGO)
    make_calendar(name="Old", team=team, at=LONG_AGO)
    make_calendar(name="New", team=team, at=at, weekly={"mon": [["08:00", "16:00"]]})
    make_calendar(name="Next", team=team, at=at + HOUR)

    assert [row.name for row in queries.calendars(at=at)] == ["Office", "New"]
    assert [row.name for row in queries.calendars(at=at + HOUR)] == ["Office", "Next"]


@pytest.mark.parametrize("model", [Agreement, Clause, Calendar])
def test_signed_rows_never_change(model, sql):
    """The triggers refuse what no code of ours does."""
    row = model.objects.order_by("pk").first()
    field = {Agreement: "pause_days", Clause: "place"}.get(model, "version")

    for change in (
        lambda: model.objects.filter(pk=row.pk).update(**{field: 99}),
        lambda: sql(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk]),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    with triggers_off():
        assert model.objects.filter(pk=row.pk).update(**{field: 99}) == 1
