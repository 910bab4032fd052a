from typing import override

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Permission
from foundation.accounts.rules import has_permission


class Panel(AdminSite):
    """The leadership panel. To everybody else it does not exist."""

    site_title = _("Leadership")
    site_header = _("Leadership")
    index_title = _("Leadership")

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        return has_permission(request.user, Permission.LEADERSHIP_VIEW)

    @override
    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        raise Http404
