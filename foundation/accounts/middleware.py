from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from foundation.accounts.models import User
from foundation.accounts.queries import workspace


class PersonalSettings:
    """Show each person their own language and time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        zone = user.time_zone or workspace.current().time_zone
        with timezone.override(ZoneInfo(zone)):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            return self.get_response(request)
