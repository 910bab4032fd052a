"""The first rows of an uploaded file, kept beside it.

A workbook of a hundred thousand rows takes seconds to open. Its first rows are
therefore written down once, when it comes, and pages read only those.
"""

import json
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from django.core.files.storage import default_storage

from integrations.domain.problems import Problem
from integrations.domain.tables import Row, Table
from integrations.models import Load

HEAD_ROWS = 1_000
_MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Head:
    """The first rows of a file.

    ``whole``: nothing follows them. ``about``: roughly how many rows the file has.
    """

    rows: list[Row]
    whole: bool
    about: int


def head_from(table: Table) -> Head:
    """Read the first rows of a table: a thousand, fewer where cells are very long."""
    rows: list[Row] = []
    characters = 0
    with closing(table.rows()) as found:
        for row in islice(found, HEAD_ROWS):
            rows.append(row)
            characters += sum(map(len, row[1]))
            if characters > _MOST_CHARACTERS:
                break
        whole = next(found, None) is None
    about = len(rows) if whole else max(table.rows_hint, len(rows) + 1)
    return Head(rows, whole, about)


def name_of(stored_as: str) -> str:
    """Return the name in storage of the first rows of the file stored as that."""
    return f"{stored_as}.head"


def written(head: Head) -> bytes:
    """Return the first rows as they are stored."""
    rows = [(number, cells, _plain(problem)) for number, cells, problem in head.rows]
    told = {"rows": rows, "whole": head.whole, "about": head.about}
    return json.dumps(told).encode()


def head_of(load: Load) -> Head | None:
    """Return the first rows of a load's file; None when the file is gone."""
    name = name_of(load.stored_as)
    if not load.stored_as or not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        told = json.load(file)
    rows = [(number, cells, _problem(bad)) for number, cells, bad in told["rows"]]
    return Head(rows, told["whole"], told["about"])


def _plain(problem: Problem | None) -> list[object] | None:
    return [problem.code, dict(problem.params)] if problem else None


def _problem(told: list[object] | None) -> Problem | None:
    return Problem(*told) if told else None  # type: ignore[arg-type]
