"""What every answer has in common."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers

from alignment.api.errors import plain
from alignment.logs import request_id
from alignment.views.errors import away, is_away, malformed

type Answer = Callable[[HttpRequest], HttpResponse]

_NOT_ANSWERED = {"TRACE", "TRACK", "CONNECT"}
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HEADERS = {
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "screen-wake-lock",
            "usb",
            "xr-spatial-tracking",
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class Gate:
    """Name each request, close what is never open, and set the headers of answers."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        request_id.set(name)  # and left so: Django logs refusals after us
        response = self._refusal(request) or self.get_response(request)
        response.headers["X-Request-ID"] = name
        for header, value in _HEADERS.items():
            response.headers.setdefault(header, value)
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Refuse what only probes: odd methods, null characters, an open line.

        A program that sends its token over http has given it away; a redirect would
        let that go unnoticed.
        """
        if request.method in _NOT_ANSWERED:
            return HttpResponseNotAllowed(_METHODS)
        is_api = request.path.startswith("/api/")
        query = "" if is_api else request.META.get("QUERY_STRING", "")  # it says which
        if "\x00" in request.path or "%00" in query:
            return malformed(request, BadRequest())
        if is_api and settings.SECURE and not request.is_secure():
            detail = "The API is open over https only. Revoke the token you sent."
            return plain(403, "https_required", detail)
        return None


class NeverCached:
    """Keep pages of signed-in people out of every cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class EnginesAway:
    """Answer 503 when the database or Redis is away where a view needs it.

    Where it is middleware that misses them, `views.errors.failed` does the same.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Say calmly that something is away, and when to come back."""
        return away(request) if is_away(exception) else None
