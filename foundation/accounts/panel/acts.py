from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.kernel.errors import DomainError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Text = str | _StrPromise


@dataclass(frozen=True)
class Act[M: Model]:
    """One thing that can be done, after a page that says what and asks for the rest.

    ``run`` gets who does it, the record (None for an act of the whole list) and what
    the form holds; it calls an action and may return a sentence to show afterwards.
    ``when`` tells for which records it is offered, ``start`` what the form begins
    with. A ``grave`` one cannot be undone, or shuts somebody out.
    """

    name: str
    label: Text
    permission: Permission
    run: Callable[[User, Any, Mapping[str, Any]], Text | None]
    form: type[forms.Form] = forms.Form
    text: Text = ""
    when: Callable[[M], bool] = lambda _record: True
    start: Callable[[Any], Mapping[str, Any]] = lambda _record: {}
    grave: bool = False


def run(
    request: HttpRequest, act: Act[Any], record: Model | None, form: forms.Form
) -> bool:
    """Do it, and tell whether it was done; a refusal becomes an error of the form."""
    assert isinstance(request.user, User)  # noqa: S101 -- the page is guarded
    try:
        told = act.run(request.user, record, form.cleaned_data)
    except DomainError as refusal:
        place = refusal.field if refusal.field in form.fields else None
        form.add_error(place, str(refusal))
        return False
    done = _("Done: %(act)s.") % {"act": act.label}
    messages.success(request, str(told or done))
    return True
