"""Minutes never change afterwards: the database refuses whoever tries (domain §9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.kernel.periods import Step, around
from foundation.ledger.models import Event
from kpis.actions import scorecards
from meetings.actions import followups, meetings, records
from meetings.models import Action, AgendaItem, Decision, Meeting, Note
from meetings.queries.agenda import with_records
from meetings.queries.minutes import is_intact
from tests.factories.meetings import (
    current,
    make_action,
    make_decision,
    make_meeting,
    make_topic,
    next_of,
)
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db

MODELS = [Meeting, AgendaItem, Note, Decision, Action]
LIVES_ON = {"state", "owner_id", "due_on", "closed_at"}
COLUMNS = [
    (model, field.column)
    for model in MODELS
    for field in model._meta.local_concrete_fields
    if not (model is Action and field.column in LIVES_ON)
]


@pytest.fixture
def held(sally, mark, at):
    """A meeting with something of everything in its minutes."""
    meeting = make_meeting(at=at)
    make_topic(meeting, by=sally)
    meetings.start(meeting, by=sally, at=meeting.starts_at)
    soon = meeting.starts_at + timedelta(minutes=1)
    records.write_note(current(meeting), "Budget owner missing", by=mark, at=soon)
    make_decision(meeting, by=sally, help_by=date(2026, 4, 1), help_kpi="mqls")
    make_action(meeting, by=sally, owner=mark)
    return meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=40))


def dump():
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(
                f"SELECT to_jsonb(t) FROM {model._meta.db_table} t ORDER BY id"
            )
            found[model] = cursor.fetchall()
    return found


def refused(statement, params=()):
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, params)
    return str(refusal.value).splitlines()[0]


def of(model, held):
    """Return the id of the model's row in the minutes."""
    path = {"Meeting": "pk", "AgendaItem": "meeting"}.get(
        model.__name__, "item__meeting"
    )
    return model.objects.filter(**{path: held.pk}).first().pk


def test_no_column_of_minutes_can_be_updated(held):
    before, said = dump(), {}
    for model, column in COLUMNS:
        table = model._meta.db_table
        value = "id + 1000000" if column == "id" else _another(model, column)
        said[table, column] = refused(
            f"UPDATE {table} SET {column} = {value} WHERE id = %s", [of(model, held)]
        )

    assert dump() == before
    assert len(said) == len(COLUMNS) == 48
    assert {
        key: message for key, message in said.items() if message != never(key[0])
    } == {}


def never(table):
    return f"the minutes of a meeting never change ({table})"


def _another(model, column):
    """Return an SQL expression that differs from the value in every row."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    kind = fields[column].get_internal_type()
    if kind in {"ForeignKey", "OneToOneField"}:
        return f"coalesce({column}, 0) + 1"
    if "Integer" in kind:
        return f"{column} + 1"
    return {
        "DateTimeField": f"coalesce({column}, now()) + interval '1 day'",
        "DateField": f"coalesce({column}, '2026-01-01') + 1",
        "JSONField": "'{\"changed\": 1}'",
    }.get(kind, f"left({column} || 'x', 5)")


def test_no_row_of_minutes_can_be_deleted_and_no_table_emptied(held):
    before = dump()
    for model in MODELS:
        table = model._meta.db_table
        deleted = refused(f"DELETE FROM {table} WHERE id = %s", [of(model, held)])
        assert deleted == never(table)
        emptied = refused(f"TRUNCATE {table} CASCADE")
        assert emptied.startswith("the minutes of a meeting never change (meetings_")

    assert dump() == before


def test_nothing_can_be_added_to_minutes(held):
    before = dump()
    for model in MODELS[1:]:
        table = model._meta.db_table
        columns = [
            str(field.column)
            for field in model._meta.local_concrete_fields
            if field.column not in {"id", "carried_from_id"}
        ]
        names = ", ".join(columns)
        row = [of(model, held)]
        copied = f"SELECT {names} FROM {table} WHERE id = %s"
        assert refused(f"INSERT INTO {table} ({names}) {copied}", row) == never(table)

    assert dump() == before


def test_nothing_can_be_moved_into_minutes(held, sally):
    coming = next_of(held.series)
    meetings.start(coming, by=sally, at=coming.starts_at)
    records.write_note(current(coming), "Later", by=sally, at=coming.starts_at)
    make_decision(coming, by=sally)
    make_action(coming, by=sally)
    before = dump()
    for model in (Note, Decision, Action):
        row, table = model.objects.get(item__meeting=coming), model._meta.db_table
        moved = refused(
            f"UPDATE {table} SET item_id = %s WHERE id = %s",
            [of(AgendaItem, held), row.pk],
        )
        assert moved == never(table)

    assert dump() == before


def test_what_becomes_of_an_action_is_no_change_of_the_minutes(held, sally, at):
    action = Action.objects.get()
    before = Meeting.objects.filter(pk=held.pk).values().get()

    followups.move(action, owner=sally, due_on=date(2026, 5, 1), by=sally, at=at)
    followups.finish(action, by=sally, at=at)

    assert Meeting.objects.filter(pk=held.pk).values().get() == before
    record: Any = before["record"]
    [agreed] = [row for item in record["items"] for row in item["actions"]]
    assert agreed == {
        "id": action.pk,
        "owner": action.agreed_by_id + 1,
        "due_on": "2026-03-09",
        "state": "open",
    }
    assert intact(held) is True


def test_history_of_actions_is_append_only(held, sally, at):
    followups.finish(Action.objects.get(), by=sally, at=at)

    for statement in (
        "UPDATE meetings_actionchange SET reason = 'x'",
        "DELETE FROM meetings_actionchange",
        "TRUNCATE meetings_actionchange",
    ):
        assert refused(statement) == "meetings_actionchange is append-only"


def test_rows_of_a_skipped_meeting_do_not_change_either(sally, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)
    meetings.skip(meeting, by=sally, at=at)

    for statement, pk in (
        ("UPDATE meetings_meeting SET state = 'planned' WHERE id = %s", meeting.pk),
        ("UPDATE meetings_agendaitem SET text = 'x' WHERE id = %s", topic.pk),
        ("DELETE FROM meetings_agendaitem WHERE id = %s", topic.pk),
    ):
        assert refused(statement, [pk]).startswith("the minutes of a meeting never")


def intact(meeting):
    meeting = Meeting.objects.get(pk=meeting.pk)
    return is_intact(meeting, list(with_records(meeting)))


def test_the_seal_shows_what_was_changed_behind_the_guards(held, at):
    another = scorecards.current(around(held.starts_at.date(), Step.YEAR), at=at)
    assert intact(held) is True

    for table, change in (
        ("note", "text = 'Something else'"),
        ("note", "written_by_id = (SELECT min(id) FROM accounts_user)"),
        ("decision", "text = 'Something else'"),
        ("decision", "taken_at = taken_at + interval '1 second'"),
        ("action", "text = 'Something else'"),
        ("agendaitem", "text = 'Something else' WHERE kind = 'topic'"),
        ("meeting", f"scorecard_id = {another.pk} WHERE state = 'held'"),
        ("meeting", "ended_at = ended_at + interval '1 microsecond'"),
        ("meeting", "facilitator_id = started_by_id"),
        ("meeting", "record = record - 'items'"),
    ):
        point = transaction.savepoint_create()
        with triggers_off() as cursor:
            cursor.execute(f"UPDATE meetings_{table} SET {change}")
        assert intact(held) is False, (table, change)
        transaction.savepoint_rollback(point)

    assert intact(held) is True


def test_the_seal_is_in_the_ledger(held):
    event = Event.objects.get(kind="meetings.meeting.ended")

    assert event.payload["seal"] == held.digest
    assert len(held.digest) == 64
