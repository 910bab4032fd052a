from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.actions import profiles, sessions
from foundation.accounts.enums import Permission
from foundation.accounts.forms import ProfileForm, sent
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import Session, User
from foundation.accounts.queries.sessions import of_person
from foundation.kernel import clock
from foundation.kernel.htmx import page

TEMPLATE = "accounts/profile.html"
_YEAR_SECONDS = 365 * 24 * 3600


@requires(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: UserRequest) -> HttpResponse:
    form = ProfileForm(sent(request), initial=_present(request.user))
    if request.method == "POST" and form.is_valid():
        profile = profiles.Profile(**form.cleaned_data)
        profiles.change(request.user, profile, at=clock.now())
        messages.success(request, _("Saved."))
        return _with_cookies(redirect("accounts:profile"), request)
    status = 422 if form.is_bound else 200
    return page(request, TEMPLATE, _context(request, form), status=status)


def _present(person: User) -> dict[str, object]:
    names = ["name", "language", "time_zone", "theme", "shortcuts"]
    return {name: getattr(person, name) for name in names}


def _context(request: UserRequest, form: ProfileForm) -> dict[str, object]:
    return {
        "form": form,
        "sessions": of_person(request.user, at=clock.now()),
        "this_session": request.session.session_key,
    }


def _with_cookies(response: HttpResponse, request: UserRequest) -> HttpResponse:
    """Have this browser show theme and keys as they were just chosen."""
    user = request.user
    chosen = {"theme": user.theme, "shortcuts": "on" if user.shortcuts else "off"}
    for name, value in chosen.items():
        response.set_cookie(
            name,
            value,
            max_age=_YEAR_SECONDS,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


@requires(Permission.OWN_ACCOUNT)
@require_POST
def session_end(request: UserRequest, mark: str) -> HttpResponse:
    session = get_object_or_404(Session, user=request.user, mark=mark)
    sessions.end(session, of=request.user)
    messages.success(request, _("That browser is signed out."))
    return redirect("accounts:profile")
