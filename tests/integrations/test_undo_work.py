"""Undoing as durable work: begun once, carried on, the newest rows first."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel import clock
from foundation.ledger.models import Entry, Event
from integrations.actions import loading, loads, reading, spans, undo, undo_chunk, work
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk
from integrations.queries.loads import progress
from leads.models import Lead
from tests.integrations import uploads
from tests.integrations.states import differences, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    """A minute ago, so that work of now is due within this test's transaction."""
    monkeypatch.setattr(reading, "CHUNK_ROWS", 3)
    return clock.now() - timedelta(minutes=1)


@pytest.fixture
def load(tmp_path, settings, mark, now):
    """Eight leads in three chunks, of which the last says nothing new."""
    default = settings.STORAGES["default"]
    options = {"location": str(tmp_path / "files")}
    settings.STORAGES |= {"default": {**default, "OPTIONS": options}}
    rows = [f"p{n % 6}@gmail.com,fair" for n in range(8)]
    text = "\n".join(["email,source", *rows])
    load = uploads.upload(tmp_path, "leads", text, by=mark, at=now)
    work.begin(load, by=mark, at=now)
    uploads.work()
    load.refresh_from_db()
    assert (load.created, load.unchanged) == (6, 2)
    return load


def counted():
    return Lead.objects.filter(exclusion="").count()


def test_a_worker_undoes_a_load(load, mark, now):
    job = undo.begin(load, by=mark, at=now)
    begun = progress(load)
    assert (job.kind, job.lane, job.payload) == (undo.KIND, "long", {"load": load.pk})
    assert (begun.state, begun.waiting) == (LoadState.UNDOING, True)
    assert undo.begin(load, by=mark, at=now) == job
    before = Entry.objects.count()

    assert uploads.work() == 1

    load.refresh_from_db()
    job.refresh_from_db()
    assert (load.state, counted()) == (LoadState.UNDONE, 0)
    assert load.undone_at is not None
    assert load.undoing == {"records": {"leads": 6}, "updates": {}, "kept": {}}
    assert (job.state, job.done_steps, job.all_steps) == (JobState.DONE, 8, 8)
    assert not LoadChunk.objects.filter(undone_at=None).exists()
    assert Entry.objects.count() == before + 2
    told = Event.objects.filter(kind="integrations.load.withdrawn")
    assert list(told.values_list("subject_id", "entry__actor")) == [(load.pk, mark.pk)]
    assert progress(load).going_on is False


def test_a_later_attempt_goes_on_where_the_last_one_died(
    load, mark, now, monkeypatch, sql
):
    write, seen = undo_chunk.write, []

    def failing(plan, *, by, at):
        seen.append(plan.scope.chunk)
        write(plan, by=by, at=at)
        if len(seen) == 2:
            raise OSError("The power is gone.")

    monkeypatch.setattr(undo_chunk, "write", failing)
    undo.begin(load, by=mark, at=now)
    uploads.work()
    assert (counted(), progress(load).done) == (3, 5)
    sql("UPDATE jobs_job SET due_at = now()")
    uploads.work()

    second, first = sorted(set(seen), reverse=True)
    assert seen == [second, first, first]
    load.refresh_from_db()
    assert (load.state, counted()) == (LoadState.UNDONE, 0)
    assert load.undoing["records"] == {"leads": 6}


def test_work_that_was_given_up_begins_anew(load, mark, now):
    first = undo.begin(load, by=mark, at=now)
    Job.objects.filter(pk=first.pk).update(state=JobState.DEAD)
    assert progress(load).given_up is True
    again = undo.begin(load, by=mark, at=now)
    assert again != first
    uploads.work()
    assert counted() == 0


def test_a_load_that_goes_on_is_stopped_first(load, mark, now):
    type(load).objects.filter(pk=load.pk).update(state=LoadState.LOADING)
    with pytest.raises(undo.NotUndoable, match="Stop it first"):
        undo.begin(load, by=mark, at=now)
    work.cancel(load, by=mark, at=now)
    undo.begin(load, by=mark, at=now)
    uploads.work()
    assert counted() == 0


def test_a_load_that_is_undone_takes_no_further_chunk(load, mark, now):
    undo.begin(load, by=mark, at=now)
    chunk = LoadChunk.objects.filter(load=load).latest("number")
    late = loading.Chunk(load, chunk.number + 1, None, None)  # type: ignore[arg-type]
    with pytest.raises(loading.Stopped):
        loading.take(late, at=now)


def test_a_preview_writes_nothing(load):
    before, entries = state(), Entry.objects.count()
    foreseen = undo.preview(load)
    assert (foreseen.records_total, foreseen.kept_total) == (6, 0)
    assert differences(before, state()) == {}
    assert Entry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
def test_the_chunk_under_way_is_waited_for(tmp_path, mark, monkeypatch):
    """A load is stopped and undone while somebody still takes its first rows."""
    path = tmp_path / "file.csv"
    path.write_text("email\na@gmail.com\n")
    wanted = loads.Wanted("leads", "UTC")
    prepared = loads.prepare(path, wanted, by=mark, at=clock.now())
    under_way, goes_on = threading.Event(), threading.Event()
    between = spans.between

    def slowly(before, after):
        under_way.set()
        goes_on.wait(10)
        return between(before, after)

    monkeypatch.setattr(spans, "between", slowly)
    taking = _thread(lambda: list(loads.run(prepared, now=clock.now)))
    assert under_way.wait(10)
    load = Load.objects.get()
    work.cancel(load, by=mark, at=clock.now())
    undoing = _thread(lambda: list(undo.run(load, by=mark, now=clock.now)))
    undoing.join(0.5)
    assert undoing.is_alive()
    goes_on.set()
    taking.join(10)
    undoing.join(10)

    assert LoadChunk.objects.exclude(undone_at=None).count() == 1
    assert Load.objects.get().state == LoadState.UNDONE
    assert (Lead.objects.count(), counted()) == (1, 0)


def _thread(function):
    def run():
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
