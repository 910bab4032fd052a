"""So many requests a minute for each token, or each person in a browser."""

from typing import TYPE_CHECKING, override

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from alignment.api.limits import WINDOW_SECONDS, Count, limiter
from foundation.accounts.models import ApiToken
from foundation.kernel import clock

if TYPE_CHECKING:
    from rest_framework.views import APIView


class TokenThrottle(BaseThrottle):
    """Counts every request that got as far as a known caller."""

    count: Count | None = None

    @override
    def allow_request(self, request: Request, view: "APIView") -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        now = clock.now().timestamp()
        self.count = limiter().hit(_caller(request), limit=limit, now=now)
        view.headers.update(_headers(self.count))
        return self.count is None or not self.count.exceeded

    @override
    def wait(self) -> float | None:
        return float(self.count.reset_seconds) if self.count else None


def _caller(request: Request) -> str:
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.pk}"
    return f"user:{request.user.pk}"


def _headers(count: Count | None) -> dict[str, str]:
    """Return what an answer says about the limit (draft-ietf-httpapi-ratelimit)."""
    if count is None:
        return {}
    return {
        "RateLimit-Policy": f'"default";q={count.limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"default";r={count.left};t={count.reset_seconds}',
    }
