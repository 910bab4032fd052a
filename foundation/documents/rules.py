"""Who signs for a function: its head or a deputy; leadership where it has none."""

from foundation.accounts.enums import Function, Role
from foundation.accounts.models import User
from foundation.documents.enums import Capacity

HEADS = {
    Function.SALES: Role.HEAD_OF_SALES,
    Function.MARKETING: Role.HEAD_OF_MARKETING,
}


def capacities(user: User) -> dict[Function, Capacity]:
    """Return the functions somebody may sign for, and in what capacity.

    Leadership signs for a function that nobody heads; where nobody heads either, once
    for both.
    """
    if not user.is_active:
        return {}
    found: dict[Function, Capacity] = {}
    for function, head in HEADS.items():
        if user.role == head:
            found[function] = Capacity.HEAD
        elif user.deputy_for == function:
            found[function] = Capacity.DEPUTY
    if user.role == Role.LEADERSHIP:
        headed = set(
            User.objects.filter(role__in=HEADS.values(), is_active=True).values_list(
                "role", flat=True
            )
        )
        for function, head in HEADS.items():
            if head not in headed:
                found[function] = Capacity.VACANCY
    return found
