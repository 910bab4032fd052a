"""Declare, on every view, who may call it."""

from collections.abc import Callable
from functools import wraps
from typing import ClassVar, Concatenate, cast, override

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django_htmx.http import HttpResponseClientRedirect
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from foundation.accounts.enums import Permission
from foundation.accounts.models import ApiToken, User
from foundation.accounts.rules import has_permission, token_allows
from foundation.kernel.htmx import HtmxRequest


class UserRequest(HtmxRequest):
    """A request whose user is known to be signed in."""

    user: User


type View[**P] = Callable[Concatenate[UserRequest, P], HttpResponse]
type GuardedView[**P] = Callable[Concatenate[HtmxRequest, P], HttpResponse]


def requires[**P](permission: Permission) -> Callable[[View[P]], GuardedView[P]]:
    """Let only signed-in holders of ``permission`` through, and record it on the view.

    ``tests/architecture`` walks the URLconf and fails on a view without the record.
    """

    def decorate(view: View[P]) -> GuardedView[P]:
        @wraps(view)
        def guarded(
            request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not isinstance(request.user, User):
                return _to_login(request)
            if not has_permission(request.user, permission):
                raise PermissionDenied
            return view(cast("UserRequest", request), *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


PUBLIC = "public"


def public[F: Callable[..., HttpResponse]](view: F) -> F:
    """Record on a view that everybody may call it, signed in or not."""
    view.required_permission = PUBLIC  # type: ignore[attr-defined]
    return view


def passive[F: Callable[..., HttpResponse]](view: F) -> F:
    """Record on a view that pages call it by themselves: it keeps nobody signed in."""
    view.passive = True  # type: ignore[attr-defined]
    return view


class HoldsPermission(BasePermission):
    """Check the permission that every API view names, and the token's scopes."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(view, GuardedAPIView):
            return False
        permission = view.permission_for(request.method or "GET")
        if isinstance(request.auth, ApiToken):
            return token_allows(request.auth, permission)
        return has_permission(request.user, permission)


class GuardedAPIView(APIView):
    """An endpoint for holders of one permission, or of another one for writing."""

    permission_classes = [HoldsPermission]
    permission: ClassVar[Permission]
    write_permission: ClassVar[Permission | None] = None

    def permission_for(self, method: str) -> Permission:
        """Return what a request of this method needs."""
        if method in SAFE_METHODS or self.write_permission is None:
            return self.permission
        return self.write_permission

    @property
    def user(self) -> User:
        return cast("User", self.request.user)


def _to_login(request: HtmxRequest) -> HttpResponse:
    login = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(login.url) if request.htmx else login
