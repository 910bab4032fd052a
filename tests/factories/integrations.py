"""Uploaded files, and loads that were begun and taken by a worker."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import TemporaryUploadedFile

from foundation.accounts.models import User
from foundation.jobs.actions import running
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from integrations.actions import uploads, work
from integrations.models import Load

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
LEADS = (
    "email,source,mql_at\nana@example.com,webinar,2026-02-03\njan@example.com,fair,\n"
)


def make_upload(
    by: User, content: str | bytes = LEADS, *, kind: str = "leads", **about
) -> Load:
    """A file as it comes from a browser."""
    data = content if isinstance(content, bytes) else content.encode()
    name = about.pop("name", "leads.csv")
    file = TemporaryUploadedFile(name, "text/csv", len(data), None)
    file.write(data)
    file.seek(0)
    return uploads.receive(kind, file, by=by, at=about.pop("at", AT))


def make_begun(by: User, content: str | bytes = LEADS, **about) -> Load:
    """A load that waits for a worker."""
    maps = about.pop("maps", [])
    load = make_upload(by, content, **about)
    load.maps = [*load.maps, *maps]
    work.begin(load, by=by, at=about.get("at", AT))
    return load


def work_off(lane: str = "long") -> None:
    """Do what a worker would do now; in a test's transaction it is always its start."""
    Job.objects.filter(state=JobState.READY).update(due_at=AT)
    while running.run_next(lane):
        pass


def make_load(by: User, content: str | bytes = LEADS, **about) -> Load:
    """A load that is through."""
    load = make_begun(by, content, **about)
    work_off()
    load.refresh_from_db()
    return load
