from collections.abc import Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import invitations
from foundation.accounts.admin.people import INVITE
from foundation.accounts.enums import Permission
from foundation.accounts.models import Invitation, User
from foundation.accounts.panel import Act, ReadOnlyPage
from foundation.kernel import clock


def withdraw(by: User, row: Invitation, sent: Mapping[str, Any]) -> None:
    invitations.withdraw(row, by=by, at=clock.now())


def _is_open(row: Invitation) -> bool:
    return row.accepted_at is None and row.withdrawn_at is None


@admin.register(Invitation)
class InvitationPage(ReadOnlyPage[Invitation]):
    heading = _("Invitations")
    labels = {
        "email": _("E-mail"),
        "name": _("Name"),
        "role": _("Role"),
        "invited_by": _("Invited by"),
        "sent_at": _("Sent"),
        "expires_at": _("Works until"),
        "accepted_at": _("Accepted"),
        "withdrawn_at": _("Withdrawn"),
    }
    about = _("Links that were mailed. Each works once, within 24 hours.")
    list_display = (
        *("email", "name", "role", "invited_by", "sent_at", "expires_at"),
        *("accepted_at", "withdrawn_at"),
    )
    search_fields = ("email", "name")
    ordering = ("-pk",)
    list_acts = (INVITE,)
    acts = (
        Act[Invitation](
            "withdraw",
            _("Withdraw"),
            Permission.PEOPLE_EDIT,
            withdraw,
            text=_("The link stops working at once."),
            when=_is_open,
            grave=True,
        ),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        rows = super().get_queryset(request)
        return rows.select_related("team", "invited_by")
