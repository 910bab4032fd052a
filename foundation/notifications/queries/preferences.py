from collections.abc import Collection, Mapping

from foundation.accounts.models import User
from foundation.notifications.domain.registry import KINDS, Kind
from foundation.notifications.enums import How
from foundation.notifications.models import Preference


def chosen(people: Collection[int]) -> Mapping[tuple[int, str], How]:
    """Return what these people chose, by person and kind. One statement."""
    rows = Preference.objects.filter(person__in=people)
    found = rows.values_list("person_id", "kind", "mail")
    return {(person, kind): How(mail) for person, kind, mail in found}


def usual(kind: str) -> How:
    """Return how a kind comes by e-mail to those who have not chosen."""
    return How(KINDS[kind].mail) if kind in KINDS else How.NOT


def kinds_of(person: User) -> list[Kind]:
    """Return the kinds of notices that somebody in this role can get."""
    return [kind for kind in KINDS.values() if person.role in kind.roles]


def choices_of(person: User) -> list[tuple[Kind, How]]:
    """Return how somebody gets each kind of notice by e-mail. One statement."""
    own = chosen([person.pk])
    kinds = kinds_of(person)
    return [(kind, own.get((person.pk, kind.name), usual(kind.name))) for kind in kinds]
