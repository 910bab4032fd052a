"""The records behind a number: their count is the number."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kpis.domain.questions import Question
from kpis.enums import Part
from kpis.queries import declared  # noqa: F401 -- registers our KPIs
from kpis.queries.asks import BadQuestion, prepare
from kpis.queries.reading import reading


def of(
    question: Question, split: str | None = None, part: str = Part.ALL, *, at: datetime
) -> QuerySet[Any]:
    """Return the records of one value, for the whole period of the question.

    For a conversion ``ALL`` means those below the line. The queryset is read when the
    caller reads it: ask inside `reading.reading` for what one snapshot shows.

    Args:
        question: as asked of `values.value`; its step does not matter.
        split: which of its splits; None for the total.
        part: which of the records: a `Part`, or one of those beside the number.
        at: now.

    Raises:
        UnknownKpi, BadQuestion, PositionNotReached: as `values.value`.
    """
    with reading(at=at, as_of=question.as_of) as seen:
        ask = prepare(replace(question, step=None), seen)
        if part not in (*Part, *ask.kpi.method.beside):
            raise BadQuestion(_("This KPI has no such records."), field="part")
        rows: QuerySet[Any] = ask.kpi.method.records(ask, split, part)
    return rows
