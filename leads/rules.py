"""Who may do what to which lead. Reading is open to every member (domain §2)."""

from django.db.models import QuerySet

from foundation.accounts.enums import Function, Permission, Role
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from leads.enums import Exclusion, Proof
from leads.models import Lead


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """Return the leads somebody may see: all there are, for members.

    One that was withdrawn with its load is not there any more.
    """
    if not has_permission(user, Permission.LEADS_VIEW):
        return Lead.objects.none()
    return Lead.objects.exclude(exclusion=Exclusion.WITHDRAWN)


def may_work(user: User, lead: Lead) -> bool:
    """Tell whether somebody may accept, refuse or follow up a lead.

    Sales works its own and unassigned leads, and those of people on vacation for whom
    somebody stands in; heads all of the team's.
    """
    if not has_permission(user, Permission.LEADS_WORK):
        return False
    if has_permission(user, Permission.LEADS_ASSIGN):
        return True
    return _has(user, lead)


def may_edit(user: User, lead: Lead) -> bool:
    """Tell whether somebody may change what is known of a lead.

    Reps change their own and unassigned leads; marketers, heads, revenue operations and
    programs all of them.
    """
    if not has_permission(user, Permission.LEADS_EDIT):
        return False
    return user.role != Role.SALES_REP or _has(user, lead)


def _has(user: User, lead: Lead) -> bool:
    return lead.owner_id in {None, user.pk} or lead.owner_id in user.stands_in_for


def may_speak_for(user: User, team: str) -> bool:
    """Tell whether somebody may log a touch as one of ``team`` (blank: of neither).

    People log their own function's; revenue operations and programs those of both.
    """
    if user.role in {Role.REVENUE_OPERATIONS, Role.INTEGRATION}:
        return True
    return team in {"", user.function}


def may_vouch(user: User, proof: str) -> bool:
    """Tell whether somebody may say how a touch is proven.

    People say that it took place, or that it stands in their calendar; that there is a
    record elsewhere is told by the programs that keep it.
    """
    told_by_people = {Proof.SELF_REPORTED, Proof.CALENDAR}
    return user.role == Role.INTEGRATION or proof in told_by_people


def may_own(user: User) -> bool:
    """Tell whether somebody can be given leads."""
    return user.function == Function.SALES
