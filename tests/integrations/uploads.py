"""Uploaded files, waiting to be loaded by a worker."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from foundation.jobs.actions import running
from foundation.jobs.enums import Lane
from integrations.actions import loads
from integrations.models import Load


def upload(folder, kind, text, *, by, at, **wanted) -> Load:
    """Store a file and its load, as a page does; nothing of it is taken yet."""
    content = text if isinstance(text, bytes) else text.encode()
    path = Path(folder) / "file.csv"
    path.write_bytes(content)
    wish = loads.Wanted(kind, wanted.pop("time_zone", "UTC"), **wanted)
    load = loads.prepare(path, wish, by=by, at=at).load
    load.stored_as = default_storage.save("loads/file.csv", ContentFile(content))
    load.save()
    return load


def work() -> int:
    """Do the long work that is due, one job after the other; return how many."""
    done = 0
    while running.run_next(Lane.LONG):
        done += 1
    return done
