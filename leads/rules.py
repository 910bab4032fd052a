"""Who may do what to which lead. Reading is open to every member (domain §2)."""

from django.db.models import QuerySet

from foundation.accounts.enums import Function, Permission
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from leads.models import Lead


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """Return the leads somebody may see: all of them, for members."""
    if not has_permission(user, Permission.LEADS_VIEW):
        return Lead.objects.none()
    return Lead.objects.all()


def may_work(user: User, lead: Lead) -> bool:
    """Tell whether somebody may accept, refuse or follow up a lead.

    Sales works its own and unassigned leads; heads all of the team's.
    """
    if not has_permission(user, Permission.LEADS_WORK):
        return False
    if has_permission(user, Permission.LEADS_ASSIGN):
        return True
    return lead.owner_id in {None, user.pk}


def may_own(user: User) -> bool:
    """Tell whether somebody can be given leads."""
    return user.function == Function.SALES
