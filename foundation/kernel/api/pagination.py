"""Pages that stay put while rows arrive, however many rows share a moment.

The cursor names the last row seen, by its value and its id, and the next page is the
rows beyond it: one index range whatever the depth. (REST framework's own cursor skips
ties by counting, and at most a thousand of them; an import gives a hundred thousand
leads the same date.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, override

from django.core.exceptions import FieldDoesNotExist
from django.core.signing import BadSignature, Signer
from django.db.models import F, Field, Func, IntegerField, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from foundation.kernel.api.errors import BadCursor
from foundation.kernel.api.filters import Filter

PAGE_SIZE, LARGEST_PAGE = 50, 500
_SIGNER = Signer(salt="cursor")


@extend_schema_field(
    {"type": "string", "maxLength": 500, "pattern": r"^[A-Za-z0-9_.-]+:[A-Za-z0-9_-]+$"}
)
class _CursorField(serializers.CharField):
    """What we signed, in its schema; anything else is no cursor."""


PARAMETERS = {
    "cursor": Filter(
        "",
        _CursorField(max_length=500),
        "A page's place, taken from `next` or `previous` of an answer.",
    ),
    "page_size": Filter(
        "",
        serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE),
        "Rows a page.",
    ),
}


class _Row(Func):
    template = "(%(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True)
class _Order:
    """A column and a direction; the id follows in the same direction."""

    column: str
    falling: bool

    def __str__(self) -> str:
        return f"-{self.column}" if self.falling else self.column

    def reversed(self) -> "_Order":
        return _Order(self.column, not self.falling)


@dataclass(frozen=True)
class _Place:
    """A row as the cursor names it. ``back`` asks for the rows before it."""

    order: str
    value: str | None
    pk: int
    back: bool

    def __str__(self) -> str:
        return _SIGNER.sign_object([self.order, self.value, self.pk, self.back])


def _read(text: str, order: _Order) -> _Place:
    try:
        place = _Place(*_SIGNER.unsign_object(text))
    except (BadSignature, TypeError) as error:
        raise BadCursor(_("This is not a cursor."), parameter="cursor") from error
    if place.order != str(order):
        raise BadCursor(_("The cursor is of another order."), parameter="cursor")
    return place


class Cursor(BasePagination):
    """``next`` and ``previous`` are addresses, or null at the ends."""

    @override
    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        asked = getattr(view, "asked", {})
        self._request = request
        self._order = _order(
            str(asked.get("ordering") or getattr(view, "ordering", "-id"))
        )
        self._field = _field(queryset, self._order.column)
        size = int(asked.get("page_size", PAGE_SIZE))
        place = _read(asked["cursor"], self._order) if asked.get("cursor") else None
        back = place is not None and place.back
        rows = list(self._beyond(queryset, place)[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        self._next = rows and (more or back)
        self._previous = rows and (more if back else place is not None)
        self._rows = rows
        return rows

    def _beyond(self, queryset: QuerySet[Any], place: _Place | None) -> QuerySet[Any]:
        order = self._order
        if place is not None and place.back:
            order = order.reversed()
        if place is not None:
            queryset = queryset.filter(self._after(place, order))
        return queryset.order_by(*self._terms(order, back=order != self._order))

    def _terms(self, order: _Order, *, back: bool) -> list[Any]:
        """Blank values come last, and so first on the way back."""
        pk = "-pk" if order.falling else "pk"
        if order.column == "id":
            return [pk]
        if not self._field.null:
            return [str(order), pk]
        column = F(order.column)
        direction = column.desc if order.falling else column.asc
        return [direction(nulls_first=True) if back else direction(nulls_last=True), pk]

    def _after(self, place: _Place, order: _Order) -> Q:
        compare = LessThan if order.falling else GreaterThan
        beyond = Q(compare(F("pk"), place.pk))
        if order.column == "id":
            return beyond
        blank = Q(**{f"{order.column}__isnull": True})
        if place.value is None:
            return Q(blank & beyond) | ~blank if place.back else blank & beyond
        read = self._field.to_python(place.value)
        here = _Row(Value(read, output_field=self._field), Value(place.pk))
        after = Q(compare(_Row(F(order.column), F("pk")), here))
        return after | blank if self._field.null and not place.back else after

    def _link(self, row: object, *, back: bool) -> str:
        value, pk = _get(row, self._order.column), _get(row, "id")
        place = _Place(str(self._order), _written(value), pk, back)
        url = self._request.build_absolute_uri()
        return replace_query_param(url, "cursor", str(place))

    @override
    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(self._rows[-1], back=False) if self._next else None,
                "previous": (
                    self._link(self._rows[0], back=True) if self._previous else None
                ),
                "results": data,
            }
        )

    @override
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def _order(text: str) -> _Order:
    return _Order(text.removeprefix("-"), text.startswith("-"))


def _field(queryset: QuerySet[Any], column: str) -> "Field[Any, Any]":
    try:
        found = queryset.model._meta.get_field(column)
    except FieldDoesNotExist:
        found = queryset.query.annotations[column].output_field
    assert isinstance(found, Field)  # noqa: S101 -- a mistake in the endpoint
    return found


def _get(row: object, name: str) -> Any:  # noqa: ANN401 -- a column of any type
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _written(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise TypeError(f"Lists are not ordered by {type(value).__name__}.")


def ordering(allowed: Sequence[str]) -> Filter:
    """Let ``?ordering=`` name one of these, or one with a minus in front."""
    words = [*allowed, *(f"-{name}" for name in allowed)]
    return Filter("", serializers.ChoiceField(words), "The order of the list.")
