"""Give records the values again that they had before a load."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from campaigns.actions.merge_rows import update_rows

type Values = Mapping[str, Any]


def put_back(
    model: type[models.Model],
    values: Mapping[int, Values],
    *,
    vacate: Mapping[str, str],
) -> None:
    """Write the values (by id, then by attribute name), in three statements at most.

    ``vacate``: fields that no two records may share, with what stands in them for a
    moment (``{id}`` is the record's), so that records may change places.
    """
    rows = list(model._default_manager.filter(pk__in=values).order_by("pk"))
    given_up = [name for name in vacate if any(name in v for v in values.values())]
    _vacate(rows, values, {name: vacate[name] for name in given_up})
    for row in rows:
        for name, value in values[row.pk].items():
            setattr(row, name, value)
    update_rows(rows, sorted({name for given in values.values() for name in given}))


def _vacate(
    rows: Sequence[models.Model], values: Mapping[int, Values], words: Mapping[str, str]
) -> None:
    moving = [row for row in rows if words.keys() & values[row.pk].keys()]
    for row in moving:
        for name in words.keys() & values[row.pk].keys():
            setattr(row, name, words[name].format(id=row.pk))
    update_rows(moving, sorted(words))
