"""What a check found, kept beside its load until that begins or is read otherwise."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from foundation.jobs.models import Job
from integrations.domain.checked import Checked
from integrations.enums import LoadState
from integrations.models import Load, LoadError

WAITING = (LoadState.UPLOADED, LoadState.CHECKED)
"""States of a file that nobody works on: it may be read otherwise, checked, begun."""

_AT_ONCE = 10_000


def keep(
    load: Load, checked: Checked, errors: Iterable[LoadError], *, job: Job | None = None
) -> None:
    """Write what a check found, in place of what an earlier one did.

    ``job`` is the work that found it. Nothing is written where the check was cancelled,
    or the load has begun, meanwhile.
    """
    states = WAITING if job is None else (LoadState.CHECKING,)
    state = LoadState.UPLOADED if checked.problem else LoadState.CHECKED
    with transaction.atomic():
        waiting = Load.objects.filter(pk=load.pk, state__in=states, job=job)
        if not waiting.update(state=state, checked=checked.as_json(), job=None):
            return
        LoadError.objects.filter(load=load).delete()
        for some in batched(errors, _AT_ONCE):
            LoadError.objects.bulk_create(some)


def forget(load: Load) -> None:
    """Forget what a check found; for whoever holds the row of the load."""
    LoadError.objects.filter(load=load).delete()
    Load.objects.filter(pk=load.pk).update(checked={})
    load.checked = {}
