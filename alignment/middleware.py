"""What every answer has in common."""

from collections.abc import Callable

from django.core.cache import InvalidCacheBackendError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from redis.exceptions import RedisError

type Answer = Callable[[HttpRequest], HttpResponse]


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
    """Answer 503 when the database or Redis is away where a request needs it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Turn an engine's absence into a calm page that says when to come back."""
        away = (OperationalError, RedisError, InvalidCacheBackendError)
        if not isinstance(exception, away):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response
