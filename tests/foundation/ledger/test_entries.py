import pytest
from django.db import IntegrityError, transaction

from foundation.ledger import actions as ledger
from foundation.ledger import queries
from foundation.ledger.models import Consumer, Entry, Event
from tests.factories.leads import make_lead
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db


def write(at, *, by=None, n=1, cause="test"):
    with ledger.entry(by=by, at=at, cause=cause) as entry:
        for number in range(n):
            entry.record("leads.lead.created", subject=("leads.lead", number))
    return entry


def test_positions_are_dense_and_start_at_one(at):
    for _ in range(3):
        write(at)

    assert list(Entry.objects.order_by("pk").values_list("position", flat=True)) == [
        1,
        2,
        3,
    ]
    assert queries.position() == 3


def test_an_entry_keeps_who_when_why_and_what_moved(at, sally):
    written = write(at, by=sally, n=2, cause="web")

    row = Entry.objects.get(pk=written.pk)
    assert (row.actor_id, row.written_at, row.cause, row.topics) == (
        sally.pk,
        at,
        "web",
        ["leads"],
    )
    assert list(row.events.order_by("pk").values_list("kind", "subject_id")) == [
        ("leads.lead.created", 0),
        ("leads.lead.created", 1),
    ]


def test_an_entry_inside_an_entry_is_the_same_one(at):
    with (
        ledger.entry(by=None, at=at) as outer,
        ledger.entry(by=None, at=at) as inner,
    ):
        assert inner is outer
        assert ledger.current() is outer

    assert Entry.objects.count() == 1


def test_a_failure_leaves_no_trace(at):
    with pytest.raises(RuntimeError), ledger.entry(by=None, at=at) as entry:
        entry.record("leads.lead.created", subject=("leads.lead", 1))
        raise RuntimeError

    assert (Entry.objects.count(), Event.objects.count(), queries.position()) == (
        0,
        0,
        0,
    )
    with pytest.raises(RuntimeError, match=r"inside ledger\.entry"):
        ledger.current()


def test_the_number_of_statements_does_not_grow(at, django_assert_num_queries):
    for n in (1, 3, 1_000):
        with django_assert_num_queries(5):
            write(at, n=n)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET kind = 'x'",
        "DELETE FROM ledger_event",
        "TRUNCATE ledger_event",
        "UPDATE ledger_entry SET cause = 'x'",
        "UPDATE ledger_entry SET position = 7",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
    ],
)
def test_rows_never_change(at, sql, statement):
    write(at)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement)


def without_triggers(statement):
    with triggers_off() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        (
            "UPDATE ledger_event SET payload = '{\"a\": 1}' WHERE subject_id = 1",
            "events",
        ),
        ("DELETE FROM ledger_event WHERE subject_id = 1", "events"),
        ("UPDATE ledger_entry SET cause = 'x' WHERE position = 2", "entry"),
        ("UPDATE ledger_entry SET written_at = now() WHERE position = 2", "entry"),
    ],
)
def test_verify_finds_an_edit(at, statement, flaw):
    for _ in range(3):
        write(at, n=2)
    assert queries.flaws() == []
    first = Event.objects.order_by("pk").first()
    assert first is not None

    without_triggers(statement)

    assert {(found.what) for found in queries.flaws()} == {flaw}


def test_verify_finds_events_and_facts_whose_entry_is_not_there(at):
    lead = make_lead()
    lost = Entry.objects.latest("pk").pk + 100
    assert queries.flaws() == []

    Event.objects.create(
        entry_id=lost, kind="x.y.z", subject_type="leads.lead", subject_id=lead.pk
    )
    without_triggers(f"UPDATE leads_stagechange SET entry_id = {lost + 1}")

    assert [(flaw.entry, flaw.what) for flaw in queries.flaws()] == [
        (lost, "missing: ledger_event"),
        (lost + 1, "missing: leads_stagechange"),
    ]


def test_verify_finds_a_gap_and_a_reorder(at):
    for _ in range(4):
        write(at)
    ids = list(Entry.objects.order_by("position").values_list("pk", flat=True))

    without_triggers(f"DELETE FROM ledger_event WHERE entry_id = {ids[1]}")
    without_triggers("DELETE FROM ledger_entry WHERE position = 2")
    assert [(flaw.position, flaw.what) for flaw in queries.flaws()] == [(3, "gap")]

    without_triggers("UPDATE ledger_entry SET position = 2 WHERE position = 4")
    assert [(flaw.position, flaw.what) for flaw in queries.flaws()] == [
        (2, "order"),
        (3, "order"),
    ]


def test_a_consumer_sees_every_entry_once_and_in_order(at):
    seen: list[Entry] = []
    for n in range(5):
        write(at, n=n)

    while ledger.consume("test", seen.extend, limit=2):
        pass
    write(at, n=1)
    ledger.consume("test", seen.extend, limit=2)

    assert [(e.position, len(e.events.all())) for e in seen] == [
        (1, 0),
        (2, 1),
        (3, 2),
        (4, 3),
        (5, 4),
        (6, 1),
    ]


def test_a_consumer_that_fails_sees_the_entries_again(at):
    write(at)

    def fail(entries):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ledger.consume("test", fail)

    assert Consumer.objects.filter(name="test").count() == 0
    assert ledger.consume("test", lambda entries: None) == 1


def test_topics_since_tells_what_moved(at):
    write(at)
    with ledger.entry(by=None, at=at) as entry:
        entry.record("sla.clock.breached", subject=("sla.clock", 1))

    assert queries.topics_since(0) == (2, ["leads", "sla"])
    assert queries.topics_since(1) == (2, ["sla"])
    assert queries.topics_since(2) == (2, [])
