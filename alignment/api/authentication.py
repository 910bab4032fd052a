"""Who calls the API: a token in the header, or a signed-in browser."""

from typing import override

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from alignment.api.limits import limiter
from foundation.accounts.actions import tokens
from foundation.accounts.models import ApiToken, User
from foundation.kernel import clock

WRONG_TOKENS_PER_MINUTE = 60


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer alignment_token_…``; never in the address."""

    @override
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.authenticate(text.strip(), at=clock.now())
        if token is None:
            raise _refusal(request)
        return token.owner, token

    @override
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _refusal(request: Request) -> AuthenticationFailed | Throttled:
    """Refuse a wrong token, and whoever tries many of them for a while."""
    now = clock.now().timestamp()
    name = f"wrong-token:{request.META['REMOTE_ADDR']}"
    count = limiter().hit(name, limit=WRONG_TOKENS_PER_MINUTE, now=now)
    if count is not None and count.exceeded:
        return Throttled(wait=count.reset_seconds)
    return AuthenticationFailed("The token is unknown, expired or revoked.")


class BrowserSession(SessionAuthentication):
    """The session of our own pages, with their CSRF token for writes."""
