from django.db.models import Q, QuerySet

from foundation.accounts.enums import Role
from foundation.accounts.models import ApiToken, User


def manageable_by(person: User) -> QuerySet[ApiToken]:
    """Return one's own tokens and those of integrations, the newest first."""
    mine = Q(owner=person) | Q(owner__role=Role.INTEGRATION)
    rows = ApiToken.objects.filter(mine).select_related("owner", "created_by")
    return rows.order_by("-pk")
