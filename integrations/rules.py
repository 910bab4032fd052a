"""Who may see and do what with a load. Importing itself is a permission."""

from django.db.models import QuerySet

from foundation.accounts.enums import Permission, Role
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from integrations.models import Load

_FOR_OTHERS = {
    *(Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING),
    *(Role.REVENUE_OPERATIONS, Role.ADMIN),
}


def loads_visible_to(user: User) -> QuerySet[Load]:
    """Return the loads somebody sees: all, for whoever may load files at all.

    What a load did to everybody's records is no secret between those who load them.
    """
    if not has_permission(user, Permission.IMPORTS_RUN):
        return Load.objects.none()
    return Load.objects.all()


def may_change(user: User, load: Load) -> bool:
    """Tell whether somebody may start, stop, discard or undo a load.

    Whoever brought the file; heads, revenue operations and admins also those of others
    and those that nobody signed for (the command line's).
    """
    if not has_permission(user, Permission.IMPORTS_RUN):
        return False
    return load.by_id == user.pk or user.role in _FOR_OTHERS
