"""Uploaded files as durable work: begun once, carried on, stopped, and tidied up."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from foundation.jobs.actions import jobs
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel import clock
from foundation.ledger.models import Event
from integrations.actions import loading, reading, stored, work
from integrations.domain.problems import BadMapping, NotATable
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk, LoadError, RememberedMapping
from integrations.queries.loads import progress, rejected_rows
from leads.models import Lead
from tests.integrations import uploads

pytestmark = pytest.mark.django_db
HEADER = "email,source"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Files of our own, and three rows to a chunk."""
    folder = tmp_path / "files"
    options = {"location": str(folder)}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }
    return folder


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 3)


@pytest.fixture
def now():
    """A minute ago, so that work of now is due within this test's transaction."""
    return clock.now() - timedelta(minutes=1)


@pytest.fixture
def upload(tmp_path, mark, now):
    def run(*rows, kind="leads", header=HEADER, **wanted):
        text = "\n".join([header, *rows])
        return uploads.upload(tmp_path, kind, text, by=mark, at=now, **wanted)

    return run


def addresses(count, first=0):
    return [f"p{n}@example.com,fair" for n in range(first, first + count)]


def stored_files(folder):
    return sorted(p.name for p in Path(folder).rglob("*") if p.is_file())


def test_a_file_is_loaded_by_a_worker(upload, files, mark, now):
    load = upload(*addresses(7), "not an address,fair")
    job = work.begin(load, by=mark, at=now)
    begun = progress(load)
    assert (job.kind, job.lane, job.asked_by, job.payload) == (
        "integrations.load",
        "long",
        mark,
        {"load": load.pk},
    )
    assert (begun.state, begun.waiting, begun.share) == (LoadState.LOADING, True, 0)
    assert stored_files(files) == ["file.csv"]

    assert uploads.work() == 1

    load.refresh_from_db()
    job.refresh_from_db()
    assert (load.state, load.stored_as) == (LoadState.LOADED, "")
    assert (load.rows, load.created, load.rejected) == (8, 7, 1)
    assert (job.state, job.done_steps, job.all_steps) == (JobState.DONE, 8, 8)
    assert (progress(load).share, progress(load).going_on) == (100, False)
    assert stored_files(files) == []
    (wrong,) = rejected_rows(load)
    assert wrong.number == 9
    assert wrong.cells == {"email": "not an address", "source": "fair"}
    assert [(e.column, e.code) for e in wrong.errors] == [("email", "not_an_email")]
    assert Lead.objects.count() == 7


def test_beginning_twice_is_one_job(upload, mark, now):
    load = upload(*addresses(1))
    first = work.begin(load, by=mark, at=now)
    again = work.begin(Load.objects.get(pk=load.pk), by=mark, at=now)
    assert first == again
    assert Job.objects.filter(kind=work.KIND).count() == 1
    uploads.work()
    with pytest.raises(work.NotOpen):
        work.begin(load, by=mark, at=now)


def test_what_does_not_fit_writes_nothing(upload, mark, now):
    load = upload(*addresses(1))
    load.maps = ["email=No such column"]
    with pytest.raises(BadMapping):
        work.begin(load, by=mark, at=now)
    default_storage.delete(load.stored_as)
    load.maps = []
    with pytest.raises(NotATable):
        work.begin(load, by=mark, at=now)
    load.refresh_from_db()
    assert (load.state, load.maps, load.job) == (LoadState.UPLOADED, [], None)
    assert Job.objects.count() == 0
    assert RememberedMapping.objects.count() == 0


def test_how_columns_were_mapped_is_remembered_once(upload, mark, now):
    header = "Mail,Origin"
    for number, source in enumerate(["Origin", "Mail"]):
        load = upload(
            "a@example.com,fair", header=header, maps=["email=Mail", f"source={source}"]
        )
        work.begin(load, by=mark, at=now + timedelta(minutes=number))
    kept = RememberedMapping.objects.get()
    assert (kept.kind, kept.maps) == ("leads", ["email=Mail", "source=Mail"])
    assert kept.used_at == now + timedelta(minutes=1)


def test_a_later_attempt_goes_on_after_the_last_chunk(
    upload, mark, now, monkeypatch, sql
):
    load = upload(*addresses(8))
    work.begin(load, by=mark, at=now)
    take, seen = loading.take, []

    def failing(chunk, *, at):
        seen.append(chunk.number)
        if seen == [0, 1]:
            raise OSError("The disk is gone.")
        return take(chunk, at=at)

    monkeypatch.setattr(loading, "take", failing)
    uploads.work()
    assert Lead.objects.count() == 3
    assert (progress(load).done, progress(load).of) == (3, 8)

    sql("UPDATE jobs_job SET due_at = now()")
    uploads.work()

    load.refresh_from_db()
    assert (load.state, load.rows, load.created) == (LoadState.LOADED, 8, 8)
    assert seen == [0, 1, 1, 2]
    chunks = LoadChunk.objects.order_by("number").values_list("number", "rows")
    assert list(chunks) == [(0, 3), (1, 3), (2, 2)]
    assert Lead.objects.count() == 8


def test_a_stopped_load_keeps_what_was_taken(upload, mark, now, monkeypatch, files):
    load = upload(*addresses(8))
    work.begin(load, by=mark, at=now)
    take = loading.take

    def interrupted(chunk, *, at):
        taken = take(chunk, at=at)
        work.cancel(load, by=mark, at=now)
        return taken

    monkeypatch.setattr(loading, "take", interrupted)
    uploads.work()

    load.refresh_from_db()
    assert (load.state, load.rows, load.finished_at) == (LoadState.STOPPED, 3, now)
    assert Lead.objects.count() == 3
    assert stored_files(files) == []
    work.cancel(load, by=mark, at=now)
    told = Event.objects.filter(kind="integrations.load.stopped")
    assert list(told.values_list("subject_id", flat=True)) == [load.pk]


def test_a_load_that_waits_is_stopped_at_once(upload, mark, now, files):
    load = upload(*addresses(2))
    job = work.begin(load, by=mark, at=now)
    work.cancel(load, by=mark, at=now)
    job.refresh_from_db()
    assert (job.state, uploads.work()) == (JobState.CANCELLED, 0)
    assert (Lead.objects.count(), stored_files(files)) == (0, [])


def test_a_load_that_has_ended_cannot_be_stopped(upload, mark, now):
    load = upload(*addresses(2))
    work.begin(load, by=mark, at=now)
    uploads.work()
    with pytest.raises(work.NotOpen):
        work.cancel(load, by=mark, at=now)
    load.refresh_from_db()
    assert load.state == LoadState.LOADED


def test_work_cancelled_from_outside_stops_the_load(upload, mark, now, monkeypatch):
    load = upload(*addresses(8))
    job = work.begin(load, by=mark, at=now)
    take = loading.take

    def interrupted(chunk, *, at):
        jobs.cancel(job)
        return take(chunk, at=at)

    monkeypatch.setattr(loading, "take", interrupted)
    uploads.work()
    load.refresh_from_db()
    job.refresh_from_db()
    assert (load.state, job.state, load.rows) == (
        LoadState.STOPPED,
        JobState.CANCELLED,
        3,
    )


def test_another_file_in_its_place_is_not_loaded(upload, mark, now, files):
    load = upload(*addresses(2))
    work.begin(load, by=mark, at=now)
    (files / load.stored_as).write_text("\n".join([HEADER, *addresses(2, first=5)]))
    uploads.work()
    load.refresh_from_db()
    assert (load.state, load.rows, Lead.objects.count()) == (LoadState.FAILED, 0, 0)
    assert "file.csv" in load.problem


def test_files_that_nobody_needs_are_removed(upload, mark, now, files):
    unused, ended, fresh = (upload(*addresses(1)) for _ in range(3))
    Load.objects.filter(pk=unused.pk).update(created_at=now - timedelta(days=8))
    Load.objects.filter(pk=ended.pk).update(state=LoadState.LOADED)
    assert stored.tidy(at=now) == 2
    assert stored_files(files) == [Path(fresh.stored_as).name]
    left = Load.objects.exclude(stored_as="").values_list("pk", flat=True)
    assert list(left) == [fresh.pk]
    assert LoadError.objects.count() == 0
