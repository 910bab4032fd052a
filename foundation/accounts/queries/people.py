from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from foundation.accounts.enums import Function, Role
from foundation.accounts.models import User
from foundation.accounts.rules import keeps_people


def by_label(labels: Collection[str]) -> dict[str, int]:
    """Return the person that each label means: address, external id, or sole name.

    Labels are trimmed already; one that means nobody, or only a name that several
    people have, is left out. One statement.
    """
    folded = {label.casefold() for label in labels}
    rows = User.objects.filter(
        Q(email__in=folded) | Q(external_id__in=labels) | Q(name__in=labels)
    ).values_list("pk", "email", "external_id", "name")
    by_email, by_external_id = {}, {}
    by_name: dict[str, list[int]] = defaultdict(list)
    for pk, email, external_id, name in rows:
        by_email[email], by_external_id[external_id] = pk, pk
        by_name[name].append(pk)
    sole = {name: pks[0] for name, pks in by_name.items() if len(pks) == 1}
    found = {
        label: by_email.get(label.casefold())
        or by_external_id.get(label)
        or sole.get(label)
        for label in labels
    }
    return {label: pk for label, pk in found.items() if pk is not None}


def keepers() -> QuerySet[User]:
    """Return the people who can sign in and let others in."""
    roles = [role for role in Role if keeps_people(role)]
    return User.objects.filter(is_active=True, role__in=roles)


def names(ids: Collection[int]) -> dict[int, str]:
    """Return what people are called, by id. One statement, none for nobody."""
    if not ids:
        return {}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def active() -> QuerySet[User]:
    """Return everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


_HEADS = {
    Role.HEAD_OF_SALES: Function.SALES,
    Role.HEAD_OF_MARKETING: Function.MARKETING,
}


class Heads:
    """Who heads what at this moment. One statement, whatever is asked of it."""

    def __init__(self) -> None:
        """Read the heads and leadership."""
        roles = [*_HEADS, Role.LEADERSHIP]
        rows = User.objects.filter(is_active=True, role__in=roles).order_by("pk")
        self.rows = list(rows.only("pk", "role", "team_id"))

    def of(self, function: Function, team: int | None = None) -> list[int]:
        """Return the heads of a function: those in ``team`` if there are any, else all.

        Where nobody heads it, leadership stands in.
        """
        heads = [row for row in self.rows if _HEADS.get(Role(row.role)) == function]
        own = [row for row in heads if team is not None and row.team_id == team]
        return [row.pk for row in own or heads] or self.leadership

    @property
    def leadership(self) -> list[int]:
        """Return who leads the company."""
        return [row.pk for row in self.rows if row.role == Role.LEADERSHIP]
