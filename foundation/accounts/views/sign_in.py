"""Signing in and out, and new passwords: allauth's views, each with its guard.

Only these of allauth's addresses exist. People come by invitation, their e-mail address
is changed for them, and there is no sign-in by code.
"""

from collections.abc import Callable
from typing import Any, cast, override

from allauth.account import views as allauth
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts import forms
from foundation.accounts.actions import passwords
from foundation.accounts.enums import Permission
from foundation.accounts.guards import GuardedView, View, public, requires
from foundation.kernel import clock


class Logout(allauth.LogoutView):
    @override
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ResetForm(forms.ResetPasswordForm):
    """Does the same work for every address; a worker sends the mail, if any."""

    @override
    def save(self, request: HttpRequest, **_: object) -> str:
        email: str = self.cleaned_data["email"]
        passwords.ask_reset(email, at=clock.now())
        return email


class PasswordReset(allauth.PasswordResetView):
    form_class = ResetForm


def _form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _own(view: Callable[..., HttpResponse]) -> GuardedView[...]:
    return requires(Permission.OWN_ACCOUNT)(cast("View[...]", _form(view)))


login = public(_form(allauth.LoginView.as_view()))
logout = public(_form(Logout.as_view()))
inactive = public(require_safe(allauth.AccountInactiveView.as_view()))
password_reset = public(_form(PasswordReset.as_view()))
password_reset_done = public(require_safe(allauth.PasswordResetDoneView.as_view()))
password_reset_from_key = public(_form(allauth.PasswordResetFromKeyView.as_view()))
password_reset_from_key_done = public(
    require_safe(allauth.PasswordResetFromKeyDoneView.as_view())
)
password_change = _own(allauth.password_change)
reauthenticate = _own(allauth.reauthenticate)
