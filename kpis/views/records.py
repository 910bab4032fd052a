from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.queries import workspace
from foundation.kernel.errors import Forbidden
from foundation.kernel.htmx import page
from foundation.ledger.queries import live
from kpis.domain.questions import Measure, Question, Value
from kpis.domain.ratios import is_small
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Part, Unit
from kpis.queries import records
from kpis.queries.asks import UnknownKpi
from kpis.views import addresses, columns, figures, tables
from kpis.views.apart import part_name
from kpis.views.asked import Asked, BadAddress, answered, read
from kpis.views.desk import Desk, desk
from kpis.views.words import asked_in_words

PAGE_SIZE = 50


@requires(Permission.NUMBERS_VIEW)
@require_GET
@answered
def record_list(request: UserRequest) -> HttpResponse:
    """List the records behind one number, or give them as a file.

    There are as many as the number says: both are read from one snapshot. Pages go on
    from the record that the address names, so that any depth costs the same.
    """
    frame = live()
    settings = workspace.current()
    asked = read(request, settings)
    with desk(request, settings, as_of=asked["as_of"]) as open_desk:
        question = _question(open_desk, asked)
        rows = records.of(
            question, asked.split, asked["part"] or Part.ALL, at=open_desk.seen.at
        )
        if request.GET.get("as") == "csv":
            return _file(rows, question)
        context = _listed(open_desk, question, asked, rows)
    return page(
        request, "kpis/record_list.html", {**context, **frame}, partial="records"
    )


def _question(open_desk: Desk, asked: Asked) -> Question:
    """Return what the address asks, exactly: what the KPI does not know is refused."""
    if not asked["key"]:
        raise UnknownKpi(_("The address does not say which number."), field="key")
    if not asked["period"]:
        raise BadAddress(_("The address does not say which period."), field="period")
    question = Question(
        asked["key"],
        asked["period"],
        by=asked["by"] or None,
        kind=asked["kind"] or None,
        within=asked["within"],
        as_of=asked["as_of"],
        persons=open_desk.persons,
    )
    if asked.split is not None and question.by is None:
        raise BadAddress(_("The address names a split but not by what."), field="by")
    _refuse_other_persons(question, asked.split)
    return question


def _refuse_other_persons(question: Question, split: str | None) -> None:
    if question.by != Dimension.OWNER or question.persons is None or not split:
        return
    if split not in {str(pk) for pk in question.persons}:
        raise Forbidden(_("Figures of one person are for that person and the heads."))


def _file(rows: QuerySet[Any], question: Question) -> HttpResponse:
    sort = columns.sort_of(rows.model)
    found = sort.ready(rows).order_by("-pk")
    name = f"{question.key}-{question.period.label.replace('/', '-to-')}"
    return tables.download(found.iterator(2_000), sort, name)  # type: ignore[return-value]


def _listed(
    open_desk: Desk, question: Question, asked: Asked, rows: QuerySet[Any]
) -> dict[str, Any]:
    sort = columns.sort_of(rows.model)
    found, older, newer = page_of(
        sort.ready(rows).fetch_mode(models.FETCH_RAISE),
        asked["before"],
        asked["after"],
    )
    value = _value(open_desk, question, asked.split)
    kpi, given = REGISTRY[question.key], dict(asked.given)
    marks = {"before": None, "after": None}
    return {
        "kpi": kpi,
        "v": {**open_desk.shown(question, value), "url": ""},
        "detail_url": addresses.detail(question),
        "words": [
            *asked_in_words(open_desk, question, value),
            *filter(None, [part_name(asked["part"] or "")]),
        ],
        "parts": _parts(kpi.unit, asked, value.measure),
        "count": rows.order_by().count(),
        "columns": [
            {"label": column.label, "num": column.num} for column in sort.columns
        ],
        "rows": [columns.row(sort, record) for record in found],
        "csv_url": addresses.changed(given, **marks, **{"as": "csv"}),
        "older_url": older and addresses.changed(given, **marks | {"before": older}),
        "newer_url": newer and addresses.changed(given, **marks | {"after": newer}),
        "as_of": open_desk.seen.at,
    }


def page_of(
    rows: QuerySet[Any], before: int | None, after: int | None
) -> tuple[list[Any], int | None, int | None]:
    """Return one page, the newest record first, and where its neighbours begin."""
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE_SIZE + 1])
        shown, has_newer = found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE
        has_older = bool(shown)
    else:
        older = rows if before is None else rows.filter(pk__lt=before)
        found = list(older.order_by("-pk")[: PAGE_SIZE + 1])
        shown, has_older = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        has_newer = before is not None
    return (
        shown,
        shown[-1].pk if shown and has_older else None,
        shown[0].pk if shown and has_newer else None,
    )


def _value(open_desk: Desk, question: Question, split: str | None) -> Value:
    """Return the value whose records are listed; an empty one where it has none."""
    series = open_desk.answer(question)
    for value in series.values:
        if value.split == split:
            return value
    nothing = Measure(n=0, value=None)
    return Value(split, split or "", question.period, nothing, is_small(0))


def _parts(unit: str, asked: Asked, measure: Measure) -> list[dict[str, Any]]:
    """Return the two sides of a ratio to choose from; nothing for other numbers."""
    if unit != Unit.RATIO or not isinstance(measure.denominator, int):
        return []
    sides = [
        (Part.NUMERATOR, _("above the line: %(n)s"), measure.numerator),
        (Part.DENOMINATOR, _("below the line: %(n)s"), measure.denominator),
    ]
    now = Part.DENOMINATOR if (asked["part"] or Part.ALL) == Part.ALL else asked["part"]
    given = {**asked.given, "before": None, "after": None}
    return [
        {
            "label": words % {"n": figures.grouped(n or 0)},
            "url": addresses.changed(given, part=part),
            "current": part == now,
        }
        for part, words, n in sides
    ]
