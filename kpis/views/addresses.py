"""Addresses of numbers and of their records: all that was asked stands in them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from foundation.kernel.periods import Period
from kpis.domain.questions import Question
from kpis.enums import Part


def records(
    question: Question,
    period: Period,
    split: str | None = None,
    *,
    part: str = Part.ALL,
) -> str:
    """Return where the records behind one value are listed."""
    asked = {
        "key": question.key,
        "period": period.label,
        "kind": question.kind,
        "within": question.within,
        "by": None if split is None else question.by,
        "split": split,
        "part": None if part == Part.ALL else part,
        "as_of": question.as_of,
    }
    return f"{reverse('kpis:record-list')}?{_query(asked)}"


def detail(question: Question) -> str:
    """Return the page of one KPI, asked in the same way."""
    asked = {
        "period": question.period.label,
        "kind": question.kind,
        "within": question.within,
        "by": question.by,
    }
    return f"{reverse('kpis:kpi-detail', args=[question.key])}?{_query(asked)}"


def changed(given: Mapping[str, object], **wanted: object) -> str:
    """Return the query of an address with some of its parameters changed.

    None takes a parameter away.
    """
    return f"?{_query({**given, **wanted})}"


def _query(asked: Mapping[str, object]) -> str:
    return urlencode({k: v for k, v in asked.items() if v is not None})
