from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import QuerySet

from foundation.jobs.enums import JobState
from integrations.enums import LoadState
from integrations.models import Load, LoadError

COUNTS = ("rows", "created", "updated", "unchanged", "rejected")

_WORKED_ON = {LoadState.CHECKING, LoadState.LOADING, LoadState.UNDOING}


@dataclass(frozen=True)
class Progress:
    """How far the work on a load has come.

    ``done`` of ``of`` rows are taken (checked, or taken back); ``of`` is 0
    while nobody knows how many there are. ``waiting``: no worker has begun.
    ``given_up``: the work failed too often, and stands still until somebody has it
    tried again.
    """

    state: LoadState
    done: int
    of: int
    waiting: bool
    given_up: bool

    @property
    def going_on(self) -> bool:
        """Whether there is still something to come."""
        return self.state in _WORKED_ON

    @property
    def share(self) -> int:
        """Whole percent done, 0 while that is unknown; 100 only at the end."""
        if not self.of:
            return 0 if self.going_on else 100
        whole = min(100 * self.done // self.of, 100)
        return min(whole, 99) if self.going_on else whole


def progress(load: Load) -> Progress:
    """Return how far a load, its check or its undoing has come: one statement.

    How many rows a file holds is known from its lines, so blank ones count too until
    the end is reached.
    """
    row = Load.objects.select_related("job").get(pk=load.pk)
    state = LoadState(row.state)
    job = row.job
    if job is None or state not in _WORKED_ON:
        return Progress(state, row.rows, row.rows, waiting=False, given_up=False)
    return Progress(
        state,
        job.done_steps,
        job.all_steps,
        waiting=job.state == JobState.READY and not job.attempt,
        given_up=job.state in {JobState.DEAD, JobState.CANCELLED},
    )


def errors(load: Load) -> QuerySet[LoadError]:
    """Return everything wrong with a load's rows, in their order in the file."""
    return LoadError.objects.filter(load=load).order_by("row", "pk")


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not taken: its number, its cells by column, and what is wrong."""

    number: int
    cells: Mapping[str, str]
    errors: Sequence[LoadError]


def rejected_rows(load: Load) -> Iterator[RejectedRow]:
    """Yield a load's rejected rows in their order in the file, in one statement.

    Cells beyond the last column are left out.
    """
    for number, found in groupby(errors(load).iterator(), key=attrgetter("row")):
        wrong = list(found)
        cells = next((e.cells for e in wrong if e.cells is not None), ())
        yield RejectedRow(number, dict(zip(load.header, cells, strict=False)), wrong)
