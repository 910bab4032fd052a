from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint
from foundation.accounts.api.serializers import MeOut
from foundation.accounts.enums import Permission
from foundation.accounts.models import ApiToken
from foundation.accounts.queries import workspace
from foundation.accounts.rules import has_permission, token_allows


class Me(Endpoint):
    """Who calls, and what they may do."""

    permission = Permission.OWN_ACCOUNT
    out = MeOut

    def get(self, request: Request) -> Response:
        user, token = self.user, request.auth
        held = [p for p in Permission if has_permission(user, p)]
        if isinstance(token, ApiToken):
            held = [p for p in held if token_allows(token, p)]
        zone = user.time_zone or workspace.current().time_zone
        return self.answer(
            {
                "id": user.pk,
                "name": user.name,
                "email": user.email,
                "role": user.role,
                "function": user.function,
                "language": user.language,
                "time_zone": zone,
                "permissions": [p.value for p in held],
                "token": token if isinstance(token, ApiToken) else None,
            }
        )
