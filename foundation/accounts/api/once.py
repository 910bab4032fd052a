"""The Idempotency-Key header, for every method that writes."""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.actions import idempotency
from foundation.accounts.actions.idempotency import Answer, Caller
from foundation.accounts.models import ApiToken, KeptAnswer
from foundation.kernel import clock

if TYPE_CHECKING:
    from foundation.accounts.api.endpoints import Endpoint

HEADER = "Idempotency-Key"
WRITES = {"post", "put", "patch", "delete"}
_KEPT_HEADERS = ["Content-Type", "Location", "ETag"]

type Method = Callable[..., HttpResponse]


def once(method: Method) -> Method:
    """Do a write once per key; without the header the method is as it was.

    A refusal is an answer too and is kept; a breakdown is not, and leaves nothing.
    """

    @wraps(method)
    def keyed(
        view: "Endpoint", request: Request, *args: object, **kwargs: object
    ) -> Any:  # noqa: ANN401
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        token = request.auth if isinstance(request.auth, ApiToken) else None
        caller, at, print_ = Caller(view.user, token), clock.now(), _print_of(request)
        with transaction.atomic():
            kept = idempotency.claim(caller, key, fingerprint=print_, at=at)
            if kept is not None:
                return _again(kept)
            response = _do(view, method, request, *args, **kwargs)
            if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                answer = _answer(response)
                idempotency.keep(caller, key, answer, fingerprint=print_, at=at)
        return response

    return keyed


def _do(
    view: "Endpoint", method: Method, request: Request, *args: object, **kwargs: object
) -> HttpResponse:
    try:
        with transaction.atomic():
            response = method(view, request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 -- handle_exception raises what is not an answer
        response = view.handle_exception(error)
    answer = cast("Response", response)  # any answer of Django's is taken
    final = view.finalize_response(request, answer, *args, **kwargs)
    if isinstance(final, Response):
        final.render()
    return final


def _answer(response: HttpResponse) -> Answer:
    names = [name for name in _KEPT_HEADERS if response.has_header(name)]
    headers = {name: response.headers[name] for name in names}
    return Answer(response.status_code, headers, response.content)


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.content), status=kept.status)
    if "Content-Type" not in kept.headers:
        del response.headers["Content-Type"]
    for name, value in kept.headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _print_of(request: Request) -> str:
    inner = request._request  # noqa: SLF001 -- REST framework's way to the raw body
    seal = hashlib.sha256(f"{inner.method} {inner.get_full_path()}\n".encode())
    seal.update(inner.body)
    return seal.hexdigest()
