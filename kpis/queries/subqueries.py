"""Rows that a statement of ours names, as a queryset that pages can order and cut."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

_NAMED = re.compile(r"%\((\w+)\)s")


def rows[M: Model](
    model: type[M], statement: str, params: Mapping[str, Any]
) -> QuerySet[M]:
    """Return the rows of ``model`` whose ids the statement selects."""
    names = _NAMED.findall(statement)
    raw = RawSQL(_NAMED.sub("%s", statement), [params[name] for name in names])  # noqa: S611 -- our statement, their values as parameters
    return model._default_manager.filter(pk__in=raw)
