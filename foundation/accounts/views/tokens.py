from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from foundation.accounts.actions import people, tokens
from foundation.accounts.enums import Permission, Role
from foundation.accounts.forms import NEW, ONESELF, TokenForm, sent
from foundation.accounts.guards import UserRequest, requires
from foundation.accounts.models import User
from foundation.accounts.queries.tokens import manageable_by
from foundation.accounts.views.fresh import fresh
from foundation.kernel import clock
from foundation.kernel.htmx import page

TEMPLATE = "accounts/tokens.html"
FORM = "accounts/token_new.html"


@requires(Permission.TOKENS_EDIT)
@require_GET
def token_list(request: UserRequest) -> HttpResponse:
    context = {"tokens": manageable_by(request.user), "now": clock.now()}
    return page(request, TEMPLATE, context)


@requires(Permission.TOKENS_EDIT)
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: UserRequest) -> HttpResponse:
    """Make a token. Its text is in this one answer and nowhere else."""
    form = TokenForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return page(request, FORM, {"text": _make(request, form)}, status=201)
    status = 422 if form.is_bound else 200
    return page(request, FORM, {"form": form}, status=status)


def _make(request: UserRequest, form: TokenForm) -> str:
    sent, at = form.cleaned_data, clock.now()
    _row, text = tokens.create(
        owner=_owner(request, form),
        name=sent["name"],
        scopes=sent["scopes"],
        life=form.life,
        by=request.user,
        at=at,
    )
    return text


def _owner(request: UserRequest, form: TokenForm) -> User:
    choice = form.cleaned_data["owner"]
    if choice == ONESELF:
        return request.user
    if choice == NEW:
        newcomer = people.Newcomer(form.cleaned_data["name"], Role.INTEGRATION)
        return people.create(newcomer, by=request.user, at=clock.now())
    return User.objects.get(pk=choice, role=Role.INTEGRATION)


@requires(Permission.TOKENS_EDIT)
@require_POST
def token_revoke(request: UserRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(manageable_by(request.user), pk=pk)
    tokens.revoke(token, by=request.user, at=clock.now())
    messages.success(request, _("The token does not work any more."))
    return redirect("accounts:token-list")
