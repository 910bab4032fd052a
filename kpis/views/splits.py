"""A table of numbers by source, campaign and so on; every figure opens its records."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from kpis.domain.questions import Question, Series, Value
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension
from kpis.views import figures
from kpis.views.desk import Desk
from kpis.views.words import split_name

MOST_ROWS = 50
type Row = list[dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """What `ui/table.html` shows.

    ``more`` rows were left out, the smallest ones; ``growing`` says that a cohort in it
    is not mature.
    """

    columns: list[dict[str, Any]]
    rows: list[Row]
    more: int
    growing: bool


def table(
    desk: Desk, asked: list[tuple[Question, Series]], by: str, names: dict[str, str]
) -> Table:
    """Put several numbers side by side, the total first, then the largest splits.

    Args:
        desk: the open reading.
        asked: each number with its answer, split alike and not cut into steps.
        by: the dimension.
        names: headings in place of a number's own name.
    """
    found = [{v.split: v for v in series.values} for _, series in asked]
    splits = _ordered(found)
    heads = [names.get(q.key, str(REGISTRY[q.key].name)) for q, _ in asked]
    columns: list[dict[str, Any]] = [{"label": str(Dimension(by).label)}]
    columns += [{"label": head, "num": True} for head in heads]
    rows = []
    for split in splits[: MOST_ROWS + 1]:
        pairs = zip(asked, found, strict=True)
        cells = [(question, by_split.get(split)) for (question, _), by_split in pairs]
        rows.append(_row(desk, split, cells, heads))
    more = max(0, len(splits) - MOST_ROWS - 1)
    return Table(columns, rows, more, any(_grows(q, s) for q, s in asked))


def _grows(question: Question, series: Series) -> bool:
    return question.within is not None and not series.total.mature


def _ordered(found: list[dict[str | None, Value]]) -> list[str | None]:
    """Return the total, then the splits by the first number, then by name."""
    first = found[0]
    known = {split for by_split in found for split in by_split if split is not None}

    def place(split: str) -> tuple[int, str]:
        value = first.get(split)
        return (-(value.measure.n if value else 0), split)

    return [None, *sorted(known, key=place)]


def _row(
    desk: Desk,
    split: str | None,
    cells: list[tuple[Question, Value | None]],
    heads: list[str],
) -> Row:
    named = next(value for _, value in cells if value is not None)
    row: Row = [{"text": split_name(named)}]
    for (question, value), head in zip(cells, heads, strict=True):
        row.append({**_cell(desk, question, value), "label": head, "num": True})
    return row


def _cell(desk: Desk, question: Question, value: Value | None) -> dict[str, Any]:
    if value is None:
        return {"text": figures.NONE}
    shown = desk.shown(question, value)
    if not shown["text"]:
        return {"text": figures.NONE}
    return {"text": shown["text"], "url": shown["url"], "sub": _beside(shown, value)}


def _beside(shown: dict[str, Any], value: Value) -> str:
    """Say n, and whether it is too few."""
    if shown["n"] is None:
        return ""
    words = [gettext("n = %(n)s") % {"n": shown["n"]}]
    if shown["small"]:
        words.append(gettext("too few to say"))
    return " · ".join(words)
