from foundation.accounts.enums import FUNCTIONS, Role
from foundation.accounts.models import User, Workspace
from foundation.accounts.rules import may_compare_persons


def visible_persons(user: User, workspace: Workspace) -> frozenset[int] | None:
    """Return whose own figures somebody may see; None for everybody's.

    Splits by person are for that person, the head of the department and leadership
    (domain, chapter 2). Team totals are for everybody and are not touched by this.
    """
    allowed = workspace.persons_visible_to_heads
    if not may_compare_persons(user, heads_allowed=allowed):
        return frozenset({user.pk})
    if user.function is None:
        return None
    roles = [role for role in Role if FUNCTIONS.get(role) == user.function]
    theirs = User.objects.filter(role__in=roles).values_list("pk", flat=True)
    return frozenset({user.pk, *theirs})
