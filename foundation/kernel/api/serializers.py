from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, override

from rest_framework import serializers

from foundation.kernel.api.fields import Moment, refuse_unknown


class Record(serializers.Serializer[Any]):
    """What a list answers for each row, written quickly.

    Fields are declared and documented as ever, but plain ones (words, numbers, moments
    in UTC, days) are written without REST framework's general path, which costs more
    than the query of a list of fifty. The fields are made once for each class, so none
    of them may look at the context.
    """

    @override
    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {name: write(instance) for name, write in _writers(type(self))}


@cache
def _writers(kind: type[Record]) -> list[tuple[str, Callable[[Any], Any]]]:
    fields = kind()._readable_fields  # noqa: SLF001 -- the library has no other name
    return [(str(field.field_name), _writer(field)) for field in fields]


def _writer(field: serializers.Field[Any, Any, Any, Any]) -> Callable[[Any], Any]:
    source, write = str(field.source), _PLAIN.get(type(field), field.to_representation)
    if "." in source or source == "*":
        return lambda row: _general(field, row)
    if write is None:
        return attrgetter(source)
    return lambda row: None if (v := getattr(row, source)) is None else write(v)


def _general(field: serializers.Field[Any, Any, Any, Any], row: Any) -> Any:  # noqa: ANN401
    value = field.get_attribute(row)
    return None if value is None else field.to_representation(value)


def _moment(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat()
    return text[:-6] + "Z"


_PLAIN: dict[type[Any], Callable[[Any], Any] | None] = {
    serializers.CharField: None,
    serializers.IntegerField: None,
    serializers.BooleanField: None,
    serializers.ChoiceField: None,
    Moment: _moment,
}


class Body(serializers.Serializer[Any]):
    """What a write may send. A field that is not declared here is an error."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(self, data)
        return super().to_internal_value(data)
