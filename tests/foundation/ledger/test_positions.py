"""Positions are commit order, whatever runs beside (domain §6, architecture §4)."""

import threading
import time

import pytest
from django.db import connection, transaction

from foundation.ledger import actions as ledger
from foundation.ledger import queries
from foundation.ledger.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(target):
    def run():
        try:
            target()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_transaction_that_began_first_may_commit_last(at):
    """Long write, bulk write and single writes side by side; a reader in between."""
    began, may_end = threading.Event(), threading.Event()

    def write_slowly():
        with ledger.entry(by=None, at=at, cause="slow") as entry:
            entry.record("leads.lead.created", subject=("leads.lead", 1))
            entry.flush()
            began.set()
            may_end.wait(10)

    def write_in_bulk():
        with ledger.entry(by=None, at=at, cause="bulk") as entry:
            entry.record_many(
                "leads.lead.created",
                ((("leads.lead", n), {"n": n}) for n in range(20_000)),
            )

    seen: list[tuple[int | None, int]] = []
    stop = threading.Event()

    def follow():
        while not stop.is_set():
            ledger.consume(
                "follower",
                lambda rows: seen.extend(
                    (e.position, len(e.events.all())) for e in rows
                ),
                limit=3,
            )

    gaps = []

    def read():
        while not stop.is_set():
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                top = queries.position()
                if Entry.objects.exclude(position=None).count() != top:
                    gaps.append(top)

    slow = in_thread(write_slowly)
    assert began.wait(10)
    others = [in_thread(follow), in_thread(read)]
    bulk = in_thread(write_in_bulk)

    def write_singles():
        for _ in range(20):
            with ledger.entry(by=None, at=at, cause="single") as entry:
                entry.record("leads.lead.created", subject=("leads.lead", 2))

    singles = [in_thread(write_singles) for _ in range(2)]
    for thread in [*singles, bulk]:
        thread.join(30)
    may_end.set()
    slow.join(10)
    deadline = time.monotonic() + 10
    while len(seen) < 42 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    for thread in others:
        thread.join(10)

    entries = list(Entry.objects.order_by("position").values_list("position", "cause"))
    assert [position for position, _ in entries] == list(range(1, 43))
    assert entries[-1][1] == "slow"
    assert Entry.objects.get(cause="slow").pk == min(
        Entry.objects.values_list("pk", flat=True)
    )
    assert gaps == []
    assert [position for position, _ in seen] == list(range(1, 43))
    assert sorted(n for _, n in seen) == [1] * 41 + [20_000]
    assert queries.flaws() == []
