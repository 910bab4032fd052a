"""Who is signed in, and how they want to see things."""

from collections.abc import Callable
from typing import override
from zoneinfo import ZoneInfo

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from foundation.accounts.actions import sessions
from foundation.accounts.models import Session, User
from foundation.accounts.queries import workspace
from foundation.kernel import clock


class SignedIn(AuthenticationMiddleware):
    """Knows the person by the session, which was loaded together with them.

    The checks are Django's own: the person may sign in, and the session was made with
    their present password.
    """

    @override
    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    user: User | None = getattr(request.session, "owner", None)
    if user is None or not user.is_active:
        return AnonymousUser()
    held = request.session.get(HASH_SESSION_KEY, "")
    if constant_time_compare(held, user.get_session_auth_hash()):
        return user
    older = user.get_session_auth_fallback_hash()
    if any(constant_time_compare(held, each) for each in older):
        request.session.cycle_key()
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return user
    request.session.flush()
    return AnonymousUser()


class PersonalSettings:
    """Show each person their own language and time zone, and note that they are here.

    A view marked ``passive`` asks on its own; it keeps no session alive.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        name = user.time_zone or user.workspace_zone or workspace.current().time_zone
        with timezone.override(ZoneInfo(name)):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> None:
        """Move the session's idle limit, unless nobody did anything."""
        row = getattr(request.session, "row", None)
        if isinstance(row, Session) and not getattr(view, "passive", False):
            sessions.saw(row, at=clock.now())
