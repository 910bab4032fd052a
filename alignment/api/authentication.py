"""Who calls the API: a token in the header, or a signed-in browser."""

from datetime import timedelta
from typing import override

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from foundation.accounts.actions import tokens
from foundation.accounts.models import ApiToken, User
from foundation.kernel import clock

TOUCH_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer alignment_token_…``; never in the address."""

    @override
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.authenticate(text.strip(), at=clock.now())
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        return token.owner, token

    @override
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BrowserSession(SessionAuthentication):
    """The session of our own pages, with their CSRF token for writes."""
