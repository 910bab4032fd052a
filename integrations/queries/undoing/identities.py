"""What no two records may share, where values are put back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q

from integrations.queries.undoing.scope import Scope
from integrations.queries.undoing.values import MODELS, Put
from leads.enums import Exclusion

_IDENTITIES: Mapping[str, Sequence[tuple[str, ...]]] = {
    "leads.lead": [("email_folded", "email"), ("external_id", "external_system")],
    "leads.company": [("domain",), ("external_id", "external_system")],
    "campaigns.campaign": [("name",), ("external_id", "external_system")],
    "deals.deal": [],
}
"""The first field of a group decides, the others go with it."""


def heed(put: Put, scope: Scope, *, going: Mapping[str, set[int]]) -> None:
    """Leave identities where they are that another record has by now.

    A record that was withdrawn, or is ``going`` to be, makes room.
    """
    for subject in put.values:
        for group in _IDENTITIES[subject]:
            _heed(put, scope, subject, group, going.get(subject, set()))


def _heed(
    put: Put, scope: Scope, subject: str, group: tuple[str, ...], going: set[int]
) -> None:
    back = put.values[subject]
    wanted = {pk: v[group[0]] for pk, v in back.items() if v.get(group[0])}
    holders = _holders(put, subject, group[0], set(wanted.values()))
    away = going | _withdrawn(subject, {pk for pks in holders.values() for pk in pks})
    for pk, value in wanted.items():
        others = holders.get(value, set()) - {pk}
        if others - away:
            put.taken.setdefault(subject, set()).add(pk)
            _leave(put, scope, subject, pk, group)
        for other in others & away:
            _vacate(put, subject, other, group)


def _holders(
    put: Put, subject: str, name: str, values: set[str]
) -> dict[str, set[int]]:
    """Return who has these values and is not going to get another one."""
    if not values:
        return {}
    rows = MODELS[subject]._default_manager.filter(**{f"{name}__in": values})
    holders: dict[str, set[int]] = defaultdict(set)
    for pk, value in rows.values_list("pk", name):
        if name not in put.values[subject].get(pk, {}):
            holders[value].add(pk)
    return holders


def _withdrawn(subject: str, ids: set[int]) -> set[int]:
    gone = Q(withdrawn_at__isnull=False)
    if subject == "leads.lead":
        gone = Q(exclusion=Exclusion.WITHDRAWN)
    rows = MODELS[subject]._default_manager.filter(gone, pk__in=ids)
    return set(rows.values_list("pk", flat=True)) if ids else set()


def _leave(
    put: Put, scope: Scope, subject: str, pk: int, group: tuple[str, ...]
) -> None:
    values = put.values[subject][pk]
    overlay = scope.gone.values.get((subject, pk), {})
    for name in group:
        values.pop(name, None)
        overlay.pop(name, None)
    if not values:
        del put.values[subject][pk]


def _vacate(put: Put, subject: str, pk: int, group: tuple[str, ...]) -> None:
    blank = dict.fromkeys(group, "")
    if group == ("name",):
        blank["name"] = f"#{pk}"
    put.vacated.setdefault(subject, {}).setdefault(pk, {}).update(blank)
