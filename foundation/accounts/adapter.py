"""What allauth and Django's password checks ask us."""

import hashlib
import logging
import re
import secrets
from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import passwords
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.kernel import clock

logger = logging.getLogger("alignment.sign_in")
PRODUCT = "alignment"
_LEAST_OF_ONES_OWN = 8
_DEVICE_COOKIE = "device"
_DEVICE_SECONDS = 365 * 24 * 3600


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation only; passwords change through our own action."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_password": _("This password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many tries. Wait a while, then try again."),
        "rate_limited": _("Too many tries. Wait a while, then try again."),
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Do nothing: the e-mail address is the name."""

    @override
    def is_ajax(self, request: HttpRequest) -> bool:
        """Our pages answer HTML; a link's key never goes out as JSON."""
        return False

    @override
    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        assert isinstance(user, User)  # noqa: S101 -- there is one user model
        keep = self.request.session.session_key if self.request else None
        passwords.change(user, password, keep=keep, at=clock.now())

    @override
    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        """Count failures per address, and apart for a browser that was in before.

        So nobody outside can lock somebody out of their own browser.
        """
        digest = _digest(str(credentials.get("email", "")))
        return f"{digest}:{_known_device(request, digest)}"

    @override
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            logger.warning("Sign-ins are refused for a while: too many failures.")
            raise

    @override
    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        if isinstance(user, User):
            _greet(request, response, user)
        return response


def _greet(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Give this browser the person's own theme and keys, and remember it as theirs."""
    secure = request.is_secure()
    for name, value in {
        "theme": user.theme,
        "shortcuts": "on" if user.shortcuts else "off",
    }.items():
        response.set_cookie(
            name, value, max_age=_DEVICE_SECONDS, secure=secure, samesite="Lax"
        )
    known = [_digest(user.email or ""), secrets.token_hex(16)]
    value = signing.dumps(known, salt=_DEVICE_COOKIE)
    response.set_cookie(
        _DEVICE_COOKIE,
        value,
        max_age=_DEVICE_SECONDS,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


def _known_device(request: HttpRequest, digest: str) -> str:
    """Return the mark this browser got when the address last signed in with it."""
    sent = request.COOKIES.get(_DEVICE_COOKIE, "")
    try:
        owner, mark = signing.loads(sent, salt=_DEVICE_COOKIE, max_age=_DEVICE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if owner == digest else ""


class OwnWords:
    """A password of ours is not made of the product's or the company's name.

    The names, digits and signs are taken away; eight other letters have to be left
    where one of the names was there.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Refuse a password that is little more than such a name.

        Raises:
            ValidationError: too little is left of it.
        """
        left = password.casefold()
        names = {PRODUCT, *_words(workspace.current().name)}
        found = [name for name in names if name in left]
        for name in found:
            left = left.replace(name, "")
        left = re.sub(r"[\W\d_]", "", left)
        if found and len(left) < _LEAST_OF_ONES_OWN:
            message = _("This password is made of the product's or company's name.")
            raise ValidationError(message, code="password_own_words")

    def get_help_text(self) -> str:
        return str(_("It is not made of the product's or the company's name."))


def _words(name: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w{4,}", name)}
