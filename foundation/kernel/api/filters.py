"""Filters of lists, declared on the endpoint; all else in the address is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.enums import Choices
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from foundation.kernel.api.errors import (
    BadParameter,
    RepeatedParameter,
    UnknownParameter,
)
from foundation.kernel.api.fields import Moment


@dataclass(frozen=True)
class Filter:
    """One parameter: the value it takes and the lookup it becomes.

    ``lookup`` is Django's, e.g. ``created_at__gte``; with an empty one the endpoint
    reads the value itself from ``self.asked``.
    """

    lookup: str
    value: serializers.Field[Any, Any, Any, Any] = field(
        default_factory=lambda: serializers.CharField(allow_blank=True, max_length=200)
    )
    description: str = ""


def text(lookup: str, description: str = "") -> Filter:
    """Match a text exactly; an empty value matches records where it is blank."""
    return Filter(lookup, description=description)


def number(lookup: str, description: str = "") -> Filter:
    """Match a whole number, such as an id."""
    value = serializers.IntegerField(min_value=0, max_value=2**63 - 1)
    return Filter(lookup, value, description)


def flag(lookup: str, description: str = "") -> Filter:
    """Match ``true`` or ``false``."""
    return Filter(lookup, serializers.BooleanField(), description)


def word(lookup: str, choices: type[Choices], description: str = "") -> Filter:
    """Match one word of an enumeration."""
    return Filter(lookup, serializers.ChoiceField(choices.choices), description)


def moments(name: str, lookup: str = "") -> dict[str, Filter]:
    """Give ``<name>_after`` (that moment included) and ``<name>_before`` (not)."""
    lookup = lookup or name
    return {
        f"{name}_after": Filter(f"{lookup}__gte", Moment(), "From this moment on."),
        f"{name}_before": Filter(f"{lookup}__lt", Moment(), "Before this moment."),
    }


def days(name: str, lookup: str = "") -> dict[str, Filter]:
    """Give ``<name>_after`` (that day included) and ``<name>_before`` (not)."""
    lookup, day = lookup or name, serializers.DateField
    return {
        f"{name}_after": Filter(f"{lookup}__gte", day(), "From this day on."),
        f"{name}_before": Filter(f"{lookup}__lt", day(), "Before this day."),
    }


def read(request: Request, filters: Mapping[str, Filter]) -> dict[str, Any]:
    """Return the parameters of the address as values of their types.

    Raises:
        UnknownParameter: a name is not among ``filters``.
        RepeatedParameter: a name is there twice.
        BadParameter: a value is not of its type.
    """
    values = {}
    for name, sent in request.query_params.lists():
        if name not in filters:
            raise UnknownParameter(_("There is no such parameter."), parameter=name)
        if len(sent) > 1:
            raise RepeatedParameter(_("Give this parameter once."), parameter=name)
        values[name] = _value(name, sent[0], filters[name])
    return values


def _value(name: str, sent: str, declared: Filter) -> Any:  # noqa: ANN401 -- any type
    if "\x00" in sent:
        raise BadParameter(_("Null characters are not allowed."), parameter=name)
    try:
        return declared.value.run_validation(sent)
    except serializers.ValidationError as error:
        detail = error.detail[0] if isinstance(error.detail, list) else error.detail
        raise BadParameter(str(detail), parameter=name) from error


def apply[M: Model](
    rows: QuerySet[M], values: Mapping[str, Any], filters: Mapping[str, Filter]
) -> QuerySet[M]:
    """Narrow ``rows`` by the values that `read` returned."""
    wanted = [
        Q(**{filters[name].lookup: value})
        for name, value in values.items()
        if name in filters and filters[name].lookup
    ]
    return rows.filter(*wanted) if wanted else rows
