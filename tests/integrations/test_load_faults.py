"""What may go wrong with a file, and what is promised of it all the same."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.kernel import clock
from foundation.ledger import queries as ledger
from foundation.ledger.models import Entry
from integrations.actions import loads, reading, spans
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk, LoadError
from leads.models import Lead, StageChange
from sla.models import Clock
from tests.factories.leads import make_lead
from tests.integrations.states import differences, state

NAMES = {
    "utf-8": ["Żaneta Łęcka", "Ștefan Țîrcă", "Zoë Müller"],
    "utf-8-sig": ["Żaneta Łęcka", "Ștefan Țîrcă", "Zoë Müller"],
    "utf-16": ["Żaneta Łęcka", "Ștefan Țîrcă", "Zoë Müller"],
    "cp1250": ["Żaneta Łęcka", "Zażółć Gęślą", "Łukasz Śliwa"],
    "cp1252": ["Zoë Müller", "François Bégué", "José Núñez"],
}


def content(encoding, separator, newline, names):
    rows = [["email", "first_name", "last_name", "source"]]
    for number, name in enumerate(names):
        rows.append([f"p{number}@gmail.com", *name.split(), "fair"])
    return newline.join(map(separator.join, rows)).encode(encoding)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", NAMES)
@pytest.mark.parametrize(
    ("separator", "newline"), [(";", "\r\n"), ("\t", "\n"), (",", "\r")]
)
def test_files_of_all_encodings_say_the_same(
    load_file, counts, encoding, separator, newline
):
    names = NAMES[encoding]

    answer = load_file("leads", content(encoding, separator, newline, names))

    assert (counts(answer), answer["errors"]) == ((3, 0, 0, 0), [])
    found = Lead.objects.order_by("pk").values_list("first_name", "last_name")
    assert [" ".join(name) for name in found] == names


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(load_file, counts):
    make_lead(email="ana@gmail.com", source="web")
    text = "email,source\nana@gmail.com,fair\nbo@gmail.com,fair\nnobody,x\n"
    before, entries = state(), Entry.objects.count()

    dry = load_file("leads", text, "--dry-run")

    assert counts(dry) == (1, 1, 0, 1)
    assert differences(before, state()) == {}
    left = (Load, LoadChunk, LoadError)
    assert [model.objects.count() for model in left] == [0, 0, 0]
    assert Entry.objects.count() == entries
    assert load_file("leads", text) == dry


@pytest.mark.django_db
def test_live_starts_clocks_of_the_last_day_only(load_file):
    now = clock.now()
    fresh, old = now - timedelta(hours=2), now - timedelta(days=3)
    text = (
        f"email,created_at,mql_at\na@gmail.com,{old},{fresh}\nb@gmail.com,{old},{old}"
    )

    load_file("leads", text, "--live")

    found = Clock.objects.values_list("lead__email", "history").distinct()
    assert sorted(found) == [("a@gmail.com", False), ("b@gmail.com", True)]


@pytest.mark.django_db
def test_without_live_everything_is_history(load_file):
    fresh = clock.now() - timedelta(hours=2)
    load_file("leads", f"email,created_at,mql_at\na@gmail.com,{fresh},{fresh}")
    assert set(Clock.objects.values_list("history", flat=True)) == {True}
    mql = StageChange.objects.get(to_stage="mql")
    assert mql.history is True


@pytest.mark.django_db
def test_rejected_rows_are_mended_and_loaded(load_file, counts, tmp_path):
    text = "email;source\na@gmail.com;fair\nb at gmail;=web\nc at gmail;phone\n"
    rejects = tmp_path / "rejects.csv"
    first = load_file("leads", text, "--rejects", str(rejects))
    assert counts(first) == (1, 0, 0, 2)

    mended = rejects.read_text("utf-8-sig").replace(" at gmail", "@gmail.com")
    again = load_file("leads", mended, name="mended.csv")

    assert counts(again) == (2, 0, 0, 0)
    found = Lead.objects.order_by("pk").values_list("email", "source")
    assert list(found) == [
        ("a@gmail.com", "fair"),
        ("b@gmail.com", "=web"),
        ("c@gmail.com", "phone"),
    ]


@pytest.mark.django_db
def test_rows_are_taken_in_their_order_across_chunks(load_file, counts, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 2)
    rows = ["a@gmail.com,one", "b@gmail.com,x", "a@gmail.com,two", "c@gmail.com,x"]
    rows += ["a@gmail.com,", "a@gmail.com,three"]

    answer = load_file("leads", "\n".join(["email,source", *rows]))

    assert counts(answer) == (3, 2, 1, 0)
    assert Lead.objects.get(email="a@gmail.com").source == "three"
    assert list(LoadChunk.objects.values_list("number", "rows")) == [
        (0, 2),
        (1, 2),
        (2, 2),
    ]
    assert [error["row"] for error in answer["errors"]] == []


@pytest.mark.django_db
def test_a_fault_within_a_chunk_leaves_nothing_of_it(load_file, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 2)
    between, seen = spans.between, []

    def failing(before, after):
        seen.append(Lead.objects.count())
        if len(seen) == 2:
            raise OSError("The disk is full.")
        return between(before, after)

    monkeypatch.setattr(spans, "between", failing)
    text = "email\n" + "\n".join(f"p{n}@gmail.com" for n in range(5))
    with pytest.raises(OSError, match="disk"):
        load_file("leads", text)

    assert seen == [2, 4]
    load = Load.objects.get()
    assert (load.state, load.rows, load.created) == (LoadState.FAILED, 2, 2)
    assert (Lead.objects.count(), LoadChunk.objects.count()) == (2, 1)
    assert ledger.flaws() == []

    monkeypatch.setattr(spans, "between", between)
    again = load_file("leads", text)
    assert (again["created"], again["unchanged"]) == (3, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("%PDF-1.7\n", (), "PDF"),
        ("", (), "empty"),
        ("email\na@gmail.com", ("--map", "email=Mail"), "Mail"),
        ("email\na@gmail.com", ("--map", "colour=email"), "colour"),
        ("email\na@gmail.com", ("--timezone", "Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(tmp_path, text, words, told):
    path = tmp_path / "file.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=told):
        call_command("load", "leads", str(path), *words)
    assert (Load.objects.count(), Lead.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_loads_of_the_same_file_take_each_row_once(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 5)
    path = tmp_path / "file.csv"
    rows = [f"p{n}@gmail.com,Company {n % 4},fair" for n in range(30)]
    path.write_text("\n".join(["email,company,campaign", *rows]))
    begin, done, faults = threading.Barrier(3), [], []

    def run():
        try:
            prepared = loads.prepare(
                path, loads.Wanted("leads", "UTC"), by=None, at=clock.now()
            )
            begin.wait(10)
            for _ in loads.run(prepared, now=clock.now):
                pass
            done.append(prepared.load)
        except Exception as fault:  # noqa: BLE001 -- told by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert faults == []
    assert sum(load.created for load in done) == 30
    assert sum(load.unchanged for load in done) == 60
    assert {load.state for load in done} == {LoadState.LOADED}
    assert Lead.objects.count() == 30
    assert StageChange.objects.count() == 30
    assert ledger.flaws() == []
