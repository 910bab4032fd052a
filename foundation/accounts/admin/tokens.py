from collections.abc import Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.actions import tokens
from foundation.accounts.enums import Permission
from foundation.accounts.models import ApiToken, User
from foundation.accounts.panel import Act, ReadOnlyPage
from foundation.kernel import clock


def revoke(by: User, token: ApiToken, sent: Mapping[str, Any]) -> None:
    tokens.revoke(token, by=by, at=clock.now())


@admin.register(ApiToken)
class TokenPage(ReadOnlyPage[ApiToken]):
    heading = _("API tokens")
    labels = {
        "name": _("Name"),
        "key": _("Begins with"),
        "owner": _("Acts as"),
        "created_by": _("Made by"),
        "created_at": _("Made"),
        "last_used_at": _("Last used"),
        "expires_at": _("Works until"),
        "revoked_at": _("Revoked"),
    }
    about = _("Keys of programs. New ones are made under “Your account”.")
    list_display = (
        *("name", "key", "owner", "may_do", "last_used_at", "expires_at", "revoked_at"),
    )
    detail = (
        *("name", "key", "owner", "may_do", "created_by", "created_at"),
        *("last_used_at", "expires_at", "revoked_at"),
    )
    search_fields = ("name", "key", "owner__name")
    ordering = ("-pk",)
    acts = (
        Act[ApiToken](
            "revoke",
            _("Revoke"),
            Permission.PEOPLE_EDIT,
            revoke,
            text=_("The program that uses it is shut out at once."),
            when=lambda token: token.revoked_at is None,
            grave=True,
        ),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return super().get_queryset(request).select_related("owner", "created_by")

    @admin.display(description=pgettext_lazy("token", "May"))
    def may_do(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)
