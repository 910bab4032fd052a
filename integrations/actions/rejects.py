"""Rejected rows as a file to mend and load again."""

from collections.abc import Callable, Generator
from itertools import groupby
from operator import attrgetter
from typing import IO

from integrations.domain.problems import Problem
from integrations.domain.refusals import REFUSALS
from integrations.domain.rejects import RejectsWriter
from integrations.domain.rows import Rejection
from integrations.domain.tables import Row, Table
from integrations.domain.tables.table import table_of
from integrations.models import Load, LoadError
from integrations.queries.loads import errors


def write_rejects(
    load: Load, file: IO[bytes], *, translate: Callable[[str], str] = str
) -> int:
    """Write a load's rejected rows as CSV, as they stood in its file; return how many.

    What is wrong stands behind each row, in the language of ``translate``.
    """
    writer, rows = RejectsWriter(file, _table(load)), 0
    for _, found in groupby(errors(load).iterator(), key=attrgetter("row")):
        wrong = list(found)
        cells = {error.row: error.cells for error in wrong if error.cells is not None}
        rejections = [rejection_of(error) for error in wrong]
        writer.add_all(rejections, cells.__getitem__, translate)
        rows += 1
    writer.close()
    return rows


def rejection_of(error: LoadError) -> Rejection:
    """Return what an error says, as reading and writing files knows it."""
    problem = Problem(error.code, error.params, REFUSALS.get(error.code, ""))
    return Rejection(error.row, error.column, problem)


def _table(load: Load) -> Table:
    """The load's file, of which only the columns are left."""

    def header() -> Generator[Row]:
        yield 1, list(load.header), None

    return table_of("csv", header, lines=1, separator=load.separator)
