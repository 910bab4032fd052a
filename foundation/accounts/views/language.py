from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from foundation.accounts.actions import profiles
from foundation.accounts.guards import public
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.kernel import clock


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show everything in another language: to this browser, and to this person."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if language in workspace.current().languages:
        if isinstance(request.user, User):
            profiles.choose_language(request.user, language, at=clock.now())
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SECURE,
            samesite="Lax",
        )
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else "/"
