"""The agreed words for the reasons that stage changes give."""

from collections.abc import Collection

from django.db.models import (
    Case,
    CharField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from leads.enums import ReasonKind, Stage
from leads.models import Reason, StageChange

_KINDS = {
    Stage.RECYCLED: ReasonKind.REFUSE,
    Stage.DISQUALIFIED: ReasonKind.DISQUALIFY,
    Stage.LOST: ReasonKind.LOSE,
}
_KIND = Case(
    *(When(to_stage=stage, then=Value(kind)) for stage, kind in _KINDS.items()),
    default=Value(ReasonKind.BY_HAND),
    output_field=CharField(),
)


def labels(given: Collection[tuple[str, str]]) -> list[str]:
    """Return the words for reasons, each the stage led to and a code; else the code.

    In the reader's language. One statement.
    """
    rows = Reason.objects.filter(code__in=[code for _, code in given])
    known = {(row.kind, row.code): row.label for row in rows}
    return [
        known.get((_KINDS.get(Stage(stage), ReasonKind.BY_HAND), code), code)
        for stage, code in given
    ]


def with_labels(rows: QuerySet[StageChange], language: str) -> QuerySet[StageChange]:
    """Return stage changes with ``reason_label``: the words, else the code, if any."""
    known = Reason.objects.filter(code=OuterRef("reason"), kind=OuterRef("reason_kind"))
    theirs = (
        NullIf(F(f"label_{language}"), Value(""))
        if language in {"ro", "pl"}
        else F("label_en")
    )
    words = known.annotate(words=Coalesce(theirs, F("label_en"))).values("words")
    return rows.annotate(reason_kind=_KIND).annotate(
        reason_label=Coalesce(Subquery(words[:1]), F("reason"))
    )
