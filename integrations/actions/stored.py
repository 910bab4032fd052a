"""The uploaded file of a load, from its arrival until it is not needed any more."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from foundation.jobs.enums import JobState
from integrations.actions import checks
from integrations.domain.problems import NotATable
from integrations.enums import LoadState
from integrations.models import Load
from integrations.queries import heads

KEPT_UNUSED = timedelta(days=7)
_OVER = (JobState.DEAD, JobState.CANCELLED)
_ENDED = (LoadState.LOADED, LoadState.STOPPED, LoadState.FAILED, LoadState.UNDONE)


def path_of(load: Load) -> Path:
    """Return where the file lies, for reading.

    Raises:
        NotATable: it is not there any more.
    """
    if not load.stored_as or not default_storage.exists(load.stored_as):
        raise NotATable("no_file", file=load.file_name)
    return Path(default_storage.path(load.stored_as))


def remove(load: Load) -> None:
    """Remove the file; rejected rows are kept as errors. Safe to repeat.

    The name is forgotten last, so that whoever dies in between is made good by `tidy`.
    """
    if load.stored_as:
        default_storage.delete(load.stored_as)
        default_storage.delete(heads.name_of(load.stored_as))
        Load.objects.filter(pk=load.pk).update(stored_as="")


def tidy(*, at: datetime) -> int:
    """Remove the files of ended loads, and those nobody used for seven days.

    What a check found in one of the latter, its rejected rows too, goes with it.
    Returns how many there were.
    """
    stored = Load.objects.exclude(stored_as="")
    given_up = Q(state=LoadState.CHECKING, job__state__in=_OVER)
    unused = stored.filter(Q(state__in=checks.WAITING) | given_up)
    unused = unused.filter(created_at__lt=at - KEPT_UNUSED)
    with transaction.atomic():
        left = list(unused.select_for_update(of=["self"]))
        for load in left:
            checks.forget(load)
            Load.objects.filter(pk=load.pk).update(state=LoadState.UPLOADED, job=None)
    ended = list(stored.filter(state__in=_ENDED))
    for load in (*ended, *left):
        remove(load)
    return len(ended) + len(left)
