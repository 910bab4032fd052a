"""Rejected rows as errors with row, column, code and message."""

from collections.abc import Iterator, Sequence
from typing import cast

from campaigns.actions.merge_outcomes import Refusal
from integrations.domain.checked import plain
from integrations.domain.mapping import Mapping
from integrations.domain.problems import Problem
from integrations.domain.refusals import REFUSALS
from integrations.domain.rows import Batch, Rejection
from integrations.models import Load, LoadError

_LONGEST_COLUMN = 300


def errors_of(
    load: Load, mapping: Mapping, batch: Batch, refusals: Sequence[Refusal]
) -> list[LoadError]:
    """Return everything wrong with a batch, in the order of its rows, not saved yet."""
    found = [*batch.rejected, *_refused(mapping, batch, refusals)]
    found.sort(key=lambda rejection: rejection.row)
    shown: set[int] = set()
    errors = []
    for rejection in found:
        cells = None if rejection.row in shown else batch.cells[rejection.row]
        shown.add(rejection.row)
        errors.append(_error(load, rejection, cells))
    return errors


def _refused(
    mapping: Mapping, batch: Batch, refusals: Sequence[Refusal]
) -> Iterator[Rejection]:
    for refusal in refusals:
        row = cast("int", batch.accepted[refusal.place][0])
        column = mapping.columns.get(refusal.target, refusal.target)
        template = REFUSALS.get(refusal.code, "")
        yield Rejection(row, column, Problem(refusal.code, refusal.params, template))


def _error(load: Load, rejection: Rejection, cells: Sequence[str] | None) -> LoadError:
    return LoadError(
        load=load,
        row=rejection.row,
        column=rejection.column[:_LONGEST_COLUMN],
        code=rejection.code,
        message=rejection.message,
        params=plain(rejection.problem.params),
        cells=cells,
    )
