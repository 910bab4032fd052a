"""Some things need the password again, if it was not given in the last minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from foundation.accounts.guards import UserRequest

type View[**P] = Callable[Concatenate[UserRequest, P], HttpResponse]


def fresh[**P](view: View[P]) -> View[P]:
    """Ask for the password first; afterwards the person is back at this address."""

    @wraps(view)
    def asked(
        request: UserRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if did_recently_reauthenticate(request):
            return view(request, *args, **kwargs)
        back = urlencode({"next": request.path})
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{back}")

    return asked
