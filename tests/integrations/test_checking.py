"""Whole files as a worker checks them: what a load would do, and nothing is written."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from foundation.jobs.actions import jobs, running
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.kernel import clock
from integrations.actions import (
    checking,
    errors,
    loads,
    reading,
    rehearsing,
    stored,
    uploads,
    work,
)
from integrations.actions.loads import Wanted
from integrations.domain.checked import Checked
from integrations.domain.kinds import KINDS
from integrations.domain.problems import BadMapping, NotATable
from integrations.domain.samples import sample_file
from integrations.enums import LoadState
from integrations.models import Load, LoadChunk, LoadError
from integrations.queries.loads import COUNTS, progress
from leads.models import Lead
from tests.factories.integrations import AT, make_upload, work_off
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = ("row", "column", "code", "message", "params", "cells")
NEW, UNCHANGED = 1_898, 332
"""Of `many_leads`: how many e-mail addresses, and rows that repeat an earlier one."""
OLD = AT - timedelta(days=90)
PASSING = {"jobs_job", "integrations_load", "integrations_loaderror"}
"""Tables in which a check leaves what is its own."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK_ROWS", 400)


def whole_database():
    """Return a digest of every table, but for those of the check itself."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - PASSING
        digests = {}
        for table in sorted(tables):
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) "
                f"FROM {table} t"
            )
            digests[table] = cursor.fetchone()
    return digests


def counts(found):
    return tuple(getattr(found, name) for name in COUNTS)


def wrong(load):
    return list(LoadError.objects.filter(load=load).order_by("pk").values_list(*TOLD))


def check(load, by):
    """Check it by a worker; return what was found."""
    checking.begin(load, by=by, at=AT)
    work_off()
    load.refresh_from_db()
    return Checked.of(load.checked)


def begin(load, by):
    work.begin(load, by=by, at=AT)
    work_off()
    load.refresh_from_db()


@pytest.fixture
def during(monkeypatch):
    """Do something when a check has taken its first chunks; return what was done."""
    calls = []

    def arrange(what, *, at_chunk=1):
        def hooked(*args):
            calls.append(args)
            if len(calls) == at_chunk:
                what()
            return errors.errors_of(*args)

        monkeypatch.setattr(rehearsing, "errors_of", hooked)
        return calls

    return arrange


def many_leads():
    """2 400 rows: known and new leads, some again chunks later, bad ones far behind."""
    rows = ["email,first_name,source,company,campaign,mql_at,notes"]
    for n in range(2_400):
        email = "nobody" if n % 700 == 699 else f"p{n % 1_900}@gmail.com"
        source = "fair" if n < 1_900 or n % 3 else "web"
        mql_at = "yesterday" if n == 2_311 else "2026-01-05 10:00"
        rows.append(f"{email},N{n % 1_900},{source},Co {n % 95},Spring,{mql_at},")
    return "\n".join(rows)


def test_a_check_says_of_all_rows_what_the_load_then_does(mark):
    for n in range(3):
        make_lead(email=f"p{n}@gmail.com", source="web", created_at=OLD, at=AT)
    load = make_upload(mark, many_leads(), at=AT)
    before = whole_database()

    found = check(load, mark)

    assert whole_database() == before
    assert (load.state, load.job, load.rows) == (LoadState.CHECKED, None, 0)
    assert LoadChunk.objects.count() == 0
    said, rejected = counts(found), wrong(load)
    assert [told[0] for told in rejected] == [701, 1401, 2101, 2313]
    assert said == (2_400, NEW - 3, 2_400 - NEW - 4 - UNCHANGED + 3, UNCHANGED, 4)

    begin(load, mark)
    assert load.state == LoadState.LOADED
    assert (counts(load), wrong(load)) == (said, rejected)
    assert load.checked == {}


def test_a_check_of_every_kind_is_exact_and_holds_nothing(mark, monkeypatch):
    """Each row is a chunk of its own; of real tables it only reads."""
    monkeypatch.setattr(reading, "CHUNK_ROWS", 1)
    held, seen = set(), []

    def looked(*args):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, mode FROM pg_locks l JOIN pg_class c "
                "ON c.oid = l.relation WHERE pid = pg_backend_pid() "
                "AND relpersistence <> 't' AND mode <> 'AccessShareLock'"
            )
            held.update(cursor.fetchall())
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() "
                "AND locktype = 'advisory'"
            )
            seen.append(cursor.fetchone()[0])
        return errors.errors_of(*args)

    monkeypatch.setattr(rehearsing, "errors_of", looked)
    for kind, text in worlds():
        load = make_upload(mark, text, kind=kind, at=AT)
        load.live = True
        load.save(update_fields=["live"])
        before = whole_database()
        found = check(load, mark)
        assert whole_database() == before, kind
        said, rejected = counts(found), wrong(load)
        begin(load, mark)
        assert (kind, counts(load), wrong(load)) == (kind, said, rejected)
    assert held == set()
    assert set(seen) == {0}


def worlds():
    """Files of all kinds, each followed by one that changes and repeats something."""
    now = clock.now().isoformat()
    for kind in KINDS:
        text = sample_file(kind)
        yield kind, text
        header, *rows = text.splitlines()
        yield kind, "\n".join([header, *rows, *rows, "what,is,this"])
    yield (
        "leads",
        (
            "email,owner,segment,notes,source,mql_at\n"
            f"ana.pop@example.com,owner@example.com,smb,Call her,fair,{now}\n"
            f"new@example.com,owner@example.com,smb,Call too,fair,{now}\n"
            f"new@example.com,other@example.com,enterprise,,web,{now}\n"
        ),
    )
    yield (
        "companies",
        (
            "external_system,external_id,name,employees,notes\n"
            "crm,C-1001,Alfa SRL,60,New roof\ncrm,C-1002,Beta,,\ncrm,C-1001,,70,\n"
        ),
    )
    yield (
        "stage-changes",
        (
            "lead_email,to_stage,occurred_at,actor,reason\n"
            f"new@example.com,sal,{now},sales@example.com,\n"
            f"new@example.com,sql,{now},sales@example.com,\n"
            f"new@example.com,customer,{now},sales@example.com,\n"
            f"nobody@example.com,sal,{now},sales@example.com,\n"
        ),
    )


def test_nobody_waits_for_a_check(mark, during, tmp_path):
    """Other people's writes and loads go on while it has taken the same rows."""
    known = make_lead(email="p0@gmail.com", source="web", created_at=OLD, at=AT)
    text = many_leads()
    load = make_upload(mark, text, at=AT)
    path = tmp_path / "same.csv"
    path.write_text(text)
    ended = []

    def write():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            make_lead(email="p1@gmail.com", created_at=OLD, at=AT)
            Lead.objects.filter(pk=known.pk).update(source="phone")
            prepared = loads.prepare(path, Wanted("leads", "UTC"), by=None, at=AT)
            for _ in loads.run(prepared, now=clock.now):
                pass
            ended.append(prepared.load.rows)
        finally:
            connection.close()

    def others():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(60)

    during(others, at_chunk=2)
    found = check(load, mark)

    assert ended == [2_400]
    assert counts(found)[0] == 2_400
    assert found.created == NEW - 1  # As it was when the check began.
    assert check(load, mark).created == 0


def test_checking_twice_is_one_job_and_again_is_another(mark):
    load = make_upload(mark, many_leads(), at=AT)
    first = checking.begin(load, by=mark, at=AT)
    assert checking.begin(Load.objects.get(pk=load.pk), by=mark, at=AT) == first
    assert (load.state, load.job) == (LoadState.CHECKING, first)
    assert (first.kind, first.lane, first.asked_by) == (checking.KIND, "long", mark)
    assert progress(load).waiting
    work_off()

    load.refresh_from_db()
    first.refresh_from_db()
    once, rejected = Checked.of(load.checked), wrong(load)
    assert (first.state, first.done_steps) == (JobState.DONE, 2_400)
    again = check(load, mark)
    assert (counts(again), wrong(load)) == (counts(once), rejected)
    assert Job.objects.filter(kind=checking.KIND).count() == 2


def test_another_way_of_reading_makes_a_check_void(mark):
    load = make_upload(mark, many_leads(), at=AT)
    check(load, mark)
    read = {
        name: getattr(load, name)
        for name in ("maps", "defaults", "leave_out", "time_zone", "country")
    }
    same = Wanted(load.kind, slashes="", decimal_mark="", live=False, **read)
    uploads.settle(load, same)
    assert (load.state, len(wrong(load))) == (LoadState.CHECKED, 4)

    uploads.settle(load, Wanted(load.kind, **{**read, "time_zone": "Asia/Tokyo"}))
    assert (load.state, load.checked, wrong(load)) == (LoadState.UPLOADED, {}, [])


def test_while_it_is_checked_nothing_about_a_file_changes(mark):
    load = make_upload(mark, many_leads(), at=AT)
    checking.begin(load, by=mark, at=AT)
    with pytest.raises(uploads.Begun, match="being checked"):
        uploads.settle(load, Wanted("leads", "UTC"))
    with pytest.raises(uploads.Begun, match="being checked"):
        uploads.discard(load)
    assert Load.objects.get().time_zone == "Europe/Bucharest"


def test_what_does_not_fit_is_not_checked(mark):
    load = make_upload(mark, many_leads(), at=AT)
    load.maps = ["email=No such column"]
    with pytest.raises(BadMapping):
        checking.begin(load, by=mark, at=AT)
    default_storage.delete(load.stored_as)
    with pytest.raises(NotATable):
        checking.begin(load, by=mark, at=AT)
    assert (Load.objects.get().state, Job.objects.count()) == (LoadState.UPLOADED, 0)


def test_what_is_being_loaded_is_not_checked(mark):
    load = make_upload(mark, many_leads(), at=AT)
    work.begin(load, by=mark, at=AT)
    with pytest.raises(checking.NotChecking):
        checking.begin(load, by=mark, at=AT)
    with pytest.raises(checking.NotChecking):
        checking.cancel(load)
    assert Load.objects.get().state == LoadState.LOADING
    assert Job.objects.get().state == JobState.READY


def test_a_check_that_waits_is_cancelled_at_once(mark):
    load = make_upload(mark, many_leads(), at=AT)
    job = checking.begin(load, by=mark, at=AT)
    checking.cancel(load)
    job.refresh_from_db()
    assert (load.state, load.job, job.state) == (
        LoadState.UPLOADED,
        None,
        JobState.CANCELLED,
    )
    with pytest.raises(checking.NotChecking):
        checking.cancel(load)
    assert counts(check(load, mark))[0] == 2_400


@pytest.mark.parametrize("stop", ["cancel", "job", "load"])
def test_a_check_under_way_ends_and_leaves_nothing(mark, during, monkeypatch, stop):
    monkeypatch.setattr(checking, "_EVERY_SECONDS", 0.05)
    load = make_upload(mark, many_leads(), at=AT)
    job = checking.begin(load, by=mark, at=AT)
    before = whole_database()

    def stopped():
        if stop == "cancel":
            checking.cancel(load)
        elif stop == "job":
            jobs.cancel(job)
        else:
            work.cancel(load, by=mark, at=AT)
        threading.Event().wait(0.5)

    calls = during(lambda: in_thread(stopped), at_chunk=2)
    work_off()

    load.refresh_from_db()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert len(calls) == 2
    assert (load.checked, wrong(load)) == ({}, [])
    if stop == "load":
        assert load.state == LoadState.STOPPED
    else:
        assert (load.state, load.job) == (LoadState.UPLOADED, None)
        assert whole_database() == before
        begin(load, mark)
        assert (load.state, load.rejected) == (LoadState.LOADED, 4)


def in_thread(what):
    """Do it elsewhere: the check's own connection is in its transaction."""

    def run():
        try:
            what()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


def test_a_load_that_begins_meanwhile_is_not_disturbed(mark, during):
    """The check ends after it and finds that nobody asks any more."""
    load = make_upload(mark, many_leads(), at=AT)
    job = checking.begin(load, by=mark, at=AT)
    during(lambda: in_thread(lambda: work.begin(load, by=mark, at=AT)), at_chunk=6)
    work_off()
    load.refresh_from_db()
    job.refresh_from_db()
    assert job.state in {JobState.DONE, JobState.CANCELLED}
    assert (load.state, load.rows, len(wrong(load))) == (LoadState.LOADED, 2_400, 4)


def test_an_attempt_that_failed_is_begun_anew(mark, during):
    load = make_upload(mark, many_leads(), at=AT)
    job = checking.begin(load, by=mark, at=AT)
    before = whole_database()

    def fail():
        raise OSError("The disk is full.")

    calls = during(fail, at_chunk=3)
    Job.objects.update(due_at=AT)
    work_once()
    load.refresh_from_db()
    assert (load.state, load.checked, wrong(load)) == (LoadState.CHECKING, {}, [])
    assert whole_database() == before

    work_off()
    load.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, job.attempt, len(calls)) == (JobState.DONE, 2, 3 + 6)
    assert (load.state, counts(Checked.of(load.checked))[4]) == (LoadState.CHECKED, 4)


def work_once():
    assert running.run_next("long")


def test_a_worker_that_lost_its_lease_writes_nothing(mark, during, monkeypatch):
    monkeypatch.setattr(checking, "_EVERY_SECONDS", 0.05)
    load = make_upload(mark, many_leads(), at=AT)
    checking.begin(load, by=mark, at=AT)

    def taken_over():
        Job.objects.update(attempt=7)
        threading.Event().wait(0.5)

    calls = during(lambda: in_thread(taken_over), at_chunk=2)
    Job.objects.update(due_at=AT)
    work_once()
    load.refresh_from_db()
    assert len(calls) == 2
    assert (load.state, load.checked, wrong(load)) == (LoadState.CHECKING, {}, [])
    assert (Job.objects.get().state, Job.objects.get().attempt) == ("running", 7)


def test_a_check_that_was_given_up_says_so_and_lets_the_file_go(mark):
    load = make_upload(mark, many_leads(), at=AT)
    job = checking.begin(load, by=mark, at=AT)
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD)
    assert progress(load).given_up
    again = checking.begin(load, by=mark, at=AT)
    assert again != job
    Job.objects.filter(pk=again.pk).update(state=JobState.DEAD)
    checking.cancel(load)
    assert (load.state, load.job) == (LoadState.UPLOADED, None)


def test_a_checked_file_that_nobody_uses_goes_with_what_was_found(mark):
    checked, given_up, going_on = (
        make_upload(mark, many_leads(), at=AT) for _ in range(3)
    )
    check(checked, mark)
    checking.begin(going_on, by=mark, at=AT)
    job = checking.begin(given_up, by=mark, at=AT)
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD)

    assert stored.tidy(at=AT + timedelta(days=6)) == 0
    assert len(wrong(checked)) == 4
    assert stored.tidy(at=AT + timedelta(days=8)) == 2

    for load in (checked, given_up, going_on):
        load.refresh_from_db()
    assert [load.state for load in (checked, given_up, going_on)] == [
        LoadState.UPLOADED,
        LoadState.UPLOADED,
        LoadState.CHECKING,
    ]
    assert (checked.checked, checked.stored_as, wrong(checked)) == ({}, "", [])
    assert going_on.stored_as != ""


def test_a_file_that_cannot_be_read_to_its_end_is_told(mark):
    load = make_upload(mark, many_leads(), at=AT)
    checking.begin(load, by=mark, at=AT)
    Path(default_storage.path(load.stored_as)).write_text("email\nother@gmail.com\n")
    work_off()
    load.refresh_from_db()
    found = Checked.of(load.checked)
    assert (load.state, load.job) == (LoadState.UPLOADED, None)
    assert found
    assert found.problem
    assert found.problem.code == "not_the_same"
    assert (counts(found), wrong(load)) == ((0, 0, 0, 0, 0), [])
