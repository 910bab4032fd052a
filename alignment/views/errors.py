"""Answers to what Django itself refuses, as pages or for programs."""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from redis.exceptions import RedisError

from alignment.api.errors import plain
from alignment.logs import request_id

_READ_ONLY = "25006"
_COME_BACK_SECONDS = "5"


def is_away(error: BaseException | None) -> bool:
    """Tell whether an engine is away or cannot write at the moment."""
    if isinstance(error, OperationalError | InterfaceError | RedisError):
        return True
    cause = getattr(error, "__cause__", None)
    return (
        isinstance(error, InternalError) and getattr(cause, "pgcode", "") == _READ_ONLY
    )


def away(request: HttpRequest) -> HttpResponse:
    """Answer 503 without asking any engine."""
    if _is_program(request):
        detail = "The database is away for a moment. Nothing was written."
        response: HttpResponse = plain(503, "unavailable", detail)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = _COME_BACK_SECONDS
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong on our side: 503 if an engine is away, else 500."""
    if is_away(sys.exception()):
        return away(request)
    if _is_program(request):
        detail = f"Something went wrong on our side, in request {request_id.get()}."
        return plain(500, "internal", detail)
    context = {"request_id": request_id.get()}
    return HttpResponse(render_to_string("500.html", context), status=500)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that there is nothing at this address."""
    if _is_program(request):
        return plain(404, "not_found", "There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that the request could not be read."""
    if _is_program(request):
        return plain(400, "malformed", "The request could not be read.")
    return defaults.bad_request(request, exception)


def closed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that this is not open to the caller."""
    if _is_program(request):
        return plain(403, "permission_denied", "This is not open to you.")
    return defaults.permission_denied(request, exception)


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
