from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from foundation.accounts.actions import locks
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.queries import people as queries
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger

LONGEST_LABEL = 120


class OwnerTooLong(Invalid):
    """An owner is written with more characters than a name can have."""

    code = "owner_too_long"


def resolve_owners(
    labels: Collection[str], *, by: AbstractBaseUser | None, at: datetime
) -> dict[str, int]:
    """Return the person each label means, making those that nobody knows yet.

    A label is matched, trimmed, with the e-mail address (case does not matter), else
    with the external id (it does), else with the exact name if one person only has
    it. A person made here cannot sign in: name and external id are the label, and the
    e-mail address too if it is one, so that an invitation to it later lets the same
    person in. Asking again makes nobody twice, two imports at once included.

    The answer's keys are the labels as given; blank ones are left out. Six statements
    at most, whatever the number of labels; one where everybody is known.

    Raises:
        OwnerTooLong: a label has more than 120 characters.
    """
    wanted = {label: trimmed for label in labels if (trimmed := label.strip())}
    for trimmed in wanted.values():
        if len(trimmed) > LONGEST_LABEL:
            raise OwnerTooLong(f"An owner has at most {LONGEST_LABEL} characters.")
    found = queries.by_label(set(wanted.values()))
    unknown = set(wanted.values()) - set(found)
    if unknown:
        found |= _add(unknown, by=by, at=at)
    return {label: found[trimmed] for label, trimmed in wanted.items()}


def _add(
    labels: set[str], *, by: AbstractBaseUser | None, at: datetime
) -> dict[str, int]:
    with ledger.entry(by=by, at=at, cause="owners") as entry:
        locks.take(locks.Lock.OWNERS)
        found = queries.by_label(labels)
        new = {
            (_address(label) or label): _unsigned(label, at=at)
            for label in sorted(labels - set(found), reverse=True)
        }
        User.objects.bulk_create(new.values())
        entry.record_many(
            "accounts.person.created",
            ((("accounts.user", row.pk), {"role": row.role}) for row in new.values()),
        )
    return {
        label: found.get(label) or new[_address(label) or label].pk for label in labels
    }


def _unsigned(label: str, *, at: datetime) -> User:
    return User(
        name=label,
        external_id=label,
        email=_address(label),
        password=make_password(None),
        role=Role.SALES_REP,
        is_active=False,
        joined_at=at,
    )


def _address(label: str) -> str | None:
    try:
        validate_email(label)
    except ValidationError:
        return None
    return label.casefold()
