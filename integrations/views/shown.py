"""Loads and previews as pages show them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.core.paginator import Page
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from integrations.domain.kinds import Target, Type
from integrations.domain.undoing import Undoing
from integrations.domain.values import Value
from integrations.enums import KeptBecause, LoadState, Noun
from integrations.forms.words import KIND_LABELS, TARGET_LABELS, sentence
from integrations.models import Load
from integrations.queries.previews import Cell, Line, Preview

UNDOABLE = {LoadState.LOADED, LoadState.STOPPED, LoadState.FAILED}
GOING_ON = {LoadState.CHECKING, LoadState.LOADING, LoadState.UNDOING}
_TONES = {
    LoadState.LOADED: "good",
    LoadState.STOPPED: "warn",
    LoadState.FAILED: "bad",
    LoadState.UPLOADED: "dashed",
    LoadState.CHECKED: "dashed",
    LoadState.UNDONE: "dashed",
}


def listed(page: Page[Load]) -> dict[str, object]:
    """Return what the list of loads shows."""
    return {
        "page": page,
        "loads": [with_words(load) for load in page],
        "going_on": any(load.state in GOING_ON for load in page),
    }


def with_words(load: Load) -> dict[str, object]:
    """Return a load with the words for its kind and state."""
    state = LoadState(load.state)
    return {
        "load": load,
        "kind": KIND_LABELS[load.kind],
        "state": state.label,
        "tone": _TONES.get(state, ""),
    }


def previewed(preview: Preview) -> dict[str, object]:
    """Return a preview as text: labels, cells as they are read, what is wrong."""
    return {
        "columns": [
            {"label": TARGET_LABELS[target.name], "column": column}
            for target, column in preview.columns
        ],
        "lines": [_line(line) for line in preview.lines],
        "seen": preview.seen,
        "rejected": preview.rejected,
        "good": preview.seen - preview.rejected,
        "ambiguous_dates": "ambiguous_date" in preview.codes,
        "ambiguous_numbers": "ambiguous_number" in preview.codes,
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "number": line.number,
        "accepted": line.accepted,
        "problems": [sentence(problem) for problem in line.problems],
        "cells": [_cell(cell) for cell in line.cells],
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "label": TARGET_LABELS[cell.target.name],
        "text": text_of(cell.target, cell.value),
        "problems": [sentence(problem) for problem in cell.problems],
    }


def undoing_of(undoing: Undoing) -> dict[str, object]:
    """Return what undoing takes back, puts back and keeps, in words."""
    return {
        "back": _counted(undoing.records),
        "restored": _counted(undoing.updates),
        "kept": [
            {
                "label": Noun(noun).label,
                "reason": KeptBecause(reason).label,
                "n": n,
            }
            for (noun, reason), n in undoing.kept.items()
            if n
        ],
    }


def _counted(counts: Mapping[str, int]) -> list[dict[str, object]]:
    return [{"label": Noun(noun).label, "n": n} for noun, n in counts.items() if n]


def text_of(target: Target, value: Value) -> str:
    """Return a value as the reader writes such values; blank for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_", " ") if target.type == Type.CHOICE else value
    for kind, text in _TEXTS:
        if isinstance(value, kind):
            return text(value)
    return str(value)


def _moment(value: datetime) -> str:
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


# In this order: a moment is a date too, and yes is a number.
_TEXTS: list[tuple[type, Callable[..., str]]] = [
    (datetime, _moment),
    (date, lambda value: formats.date_format(value, "SHORT_DATE_FORMAT")),
    (bool, lambda value: _("Yes") if value else _("No")),
    (Decimal, formats.number_format),
    (int, formats.number_format),
]
