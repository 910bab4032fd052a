"""Read the address; what cannot be answered is said in a sentence, as a page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.guards import UserRequest
from foundation.accounts.models import Workspace
from foundation.kernel.errors import DomainError
from foundation.kernel.htmx import page
from kpis.forms import AskForm

type View[**P] = Callable[Concatenate[UserRequest, P], HttpResponse]


class BadAddress(DomainError):
    """The address asks for something that there is not."""

    code = "bad_address"
    status = 400


@dataclass(frozen=True)
class Asked:
    """The parameters that were read, and as they stood in the address."""

    data: dict[str, Any]
    given: dict[str, str]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- of any field
        return self.data.get(name)

    @property
    def split(self) -> str | None:
        """The split: empty is the blank one, absent the total."""
        return self.data["split"] if "split" in self.given else None


def read(request: UserRequest, settings: Workspace) -> Asked:
    """Read the parameters of an address.

    Raises:
        BadAddress: one of them is not what it should be.
    """
    form = AskForm(request.GET, fiscal_start=settings.fiscal_year_start)
    if not form.is_valid():
        raise BadAddress(form.sentence)
    known = {k: str(v) for k, v in request.GET.items() if k in form.fields}
    return Asked(form.cleaned_data, known)


def answered[**P](view: View[P]) -> View[P]:
    """Answer what is refused with a page that says why."""

    @wraps(view)
    def wrapped(
        request: UserRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refusal:
            title = _TITLES.get(refusal.status, _TITLES[400])
            context = {"title": title, "sentence": str(refusal)}
            return page(
                request,
                "kpis/refused.html",
                context,
                partial="refused",
                status=refusal.status,
            )

    return wrapped


_TITLES = {
    400: _("This cannot be answered"),
    403: _("This is not open to you"),
    404: _("There is no such number"),
}
