"""Who may ask for exceptions and pauses, and who decides."""

from foundation.accounts.enums import FUNCTIONS, Function, Permission, Role
from foundation.accounts.models import Team, User
from foundation.accounts.rules import has_permission
from leads import rules as leads
from sla.models import Clock, Excuse

HEADS = {
    Function.SALES: Role.HEAD_OF_SALES,
    Function.MARKETING: Role.HEAD_OF_MARKETING,
}


def may_propose(user: User) -> bool:
    """Tell whether somebody may propose an exception: people of the two sides."""
    return user.is_active and user.function is not None


def may_decide(user: User, excuse: Excuse) -> bool:
    """Tell whether somebody decides about an exception: the other side's head.

    Leadership does where the other side has no head at present.
    """
    head = HEADS[_other(Function(excuse.side))]
    if user.role == Role.LEADERSHIP:
        return not User.objects.filter(role=head, is_active=True).exists()
    return user.is_active and user.role == head


def may_pause(user: User, clock: Clock) -> bool:
    """Tell whether somebody may let a clock stand still: who may work its lead."""
    return leads.may_work(user, clock.lead)


def may_draw_up(
    user: User, *, team: Team | None = None, person: User | None = None
) -> bool:
    """Tell whether somebody draws up these hours (domain §2).

    Revenue operations all; heads those of everybody and of their own side's teams and
    people.
    """
    if not has_permission(user, Permission.AGREEMENT_EDIT):
        return False
    if user.function is None or (team, person) == (None, None):
        return True
    whose = (
        team.function if team else FUNCTIONS.get(Role(person.role)) if person else ""
    )
    return whose == user.function


def _other(side: Function) -> Function:
    return Function.MARKETING if side == Function.SALES else Function.SALES
