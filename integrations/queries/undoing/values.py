"""Which values that a chunk gave to known records can be put back."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from campaigns.models import Campaign
from deals.models import Deal
from integrations.models import LoadChange
from integrations.queries.undoing.scope import Scope
from leads.models import Company, Lead

MODELS: Mapping[str, type[Model]] = {
    "leads.lead": Lead,
    "leads.company": Company,
    "campaigns.campaign": Campaign,
    "deals.deal": Deal,
}
type Values = dict[str, Any]


@dataclass
class Put:
    """Values to be put back, by subject and id; and records with some that stay.

    ``vacated`` are values of withdrawn records that make room for these.
    """

    values: dict[str, dict[int, Values]] = field(default_factory=dict)
    vacated: dict[str, dict[int, Values]] = field(default_factory=dict)
    changed: dict[str, set[int]] = field(default_factory=dict)
    taken: dict[str, set[int]] = field(default_factory=dict)

    def to_be_written(self) -> dict[str, dict[int, Values]]:
        """Return the values to be written, by subject and id."""
        return {
            subject: {
                pk: rows.get(pk, {}) | self.vacated.get(subject, {}).get(pk, {})
                for pk in rows.keys() | self.vacated.get(subject, {}).keys()
            }
            for subject, rows in self.values.items()
        }


def values_of(scope: Scope, *, leave: Mapping[str, set[int]]) -> Put:
    """Return the values before a chunk, of fields that still hold what it told.

    ``leave`` are records, by subject, that are kept as they are.
    """
    told: dict[str, dict[int, LoadChange]] = defaultdict(dict)
    rows = LoadChange.objects.filter(chunk=scope.chunk, subject_type__in=list(MODELS))
    for row in rows.exclude(after={}):
        if row.subject_id not in leave.get(row.subject_type, ()):
            told[row.subject_type][row.subject_id] = row
    put = Put()
    for subject, changes in sorted(told.items()):
        _compare(put, scope, subject, changes)
    return put


def _compare(
    put: Put, scope: Scope, subject: str, changes: Mapping[int, LoadChange]
) -> None:
    model = MODELS[subject]
    fields = {f.attname: f for f in model._meta.concrete_fields}
    back = put.values.setdefault(subject, {})
    changed = put.changed.setdefault(subject, set())
    for row in model._default_manager.filter(pk__in=changes):
        change = changes[row.pk]
        overlay = scope.gone.values.get((subject, row.pk), {})
        values: Values = {}
        for name, after in change.after.items():
            now = overlay.get(name, getattr(row, name))
            if now == fields[name].to_python(after):
                values[name] = fields[name].to_python(change.before[name])
            else:
                changed.add(row.pk)
        if values:
            back[row.pk] = values
