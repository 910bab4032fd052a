"""Turn every refusal into a problem+json answer (RFC 9457)."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from foundation.kernel.api.errors import BadParameter
from foundation.kernel.errors import DomainError

MEDIA_TYPE = "application/problem+json"

type Problem = dict[str, Any]


def problem(
    status: int, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
) -> Problem:
    """Return the body of a refusal; ``code`` is what programs may match on."""
    return {
        "type": f"urn:alignment:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": list(errors),
    }


def plain(status: int, code: str, detail: str) -> JsonResponse:
    """Return a refusal that happens before or beside REST framework."""
    body = problem(status, code, detail)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer whatever an endpoint raised; None for what is our own mistake."""
    if isinstance(exc, DomainError):
        return _answer(_of_domain(exc))
    known = _as_api_exception(exc)
    if known is None:
        return None
    return _answer(_of_api(known), _headers(known))


def _answer(body: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        body, status=body["status"], headers=headers, content_type=MEDIA_TYPE
    )


def _of_domain(exc: DomainError) -> Problem:
    errors: list[dict[str, str]] = []
    if isinstance(exc, BadParameter):
        errors = [_error("", exc.code, str(exc)) | {"parameter": exc.parameter}]
    elif exc.faults:
        errors = [_error(*fault) for fault in exc.faults]
    elif exc.field:
        errors = [_error(_pointer(exc.field.split(".")), exc.code, str(exc))]
    return problem(exc.status, exc.code, str(exc), errors)


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    """Return REST framework's form of an exception, as far as it is the caller's."""
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation | UnicodeError):
        return exceptions.ParseError()
    return _of_database(exc)


class UnknownReference(exceptions.APIException):
    """A number in the body names no record."""

    status_code = 422
    default_code = "unknown_reference"
    default_detail = "A number in the body names nothing that is there."


class JustWritten(exceptions.APIException):
    """Somebody else wrote the same record while this request was under way."""

    status_code = 409
    default_code = "just_written"
    default_detail = "The same was written at this moment by another request."


_BY_SQLSTATE = {
    "23503": UnknownReference,  # there is nothing with this key
    "22003": UnknownReference,  # nor can there be: it is beyond any key
    "23505": JustWritten,  # there is something with this key by now
}


def _of_database(exc: Exception) -> exceptions.APIException | None:
    """Read the code of the standard; what was refused has been rolled back."""
    if not isinstance(exc, DatabaseError):
        return None
    kind = _BY_SQLSTATE.get(getattr(exc.__cause__, "pgcode", ""))
    return kind() if kind else None


class TooLarge(exceptions.APIException):
    """The body is larger than this endpoint reads."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is larger than this endpoint takes."


def _of_api(exc: exceptions.APIException) -> Problem:
    if isinstance(exc, exceptions.ValidationError):
        errors = list(_errors(exc.detail, []))
        detail = errors[0]["detail"] if len(errors) == 1 else _COUNT.format(len(errors))
        return problem(exc.status_code, "invalid", detail, errors)
    code = exc.get_codes()
    return problem(
        exc.status_code,
        code if isinstance(code, str) else exc.default_code,
        str(exc.detail),
    )


_COUNT = "{} things in the body are wrong."


def _errors(detail: Any, path: list[str]) -> Iterator[dict[str, str]]:  # noqa: ANN401 -- a tree
    """Flatten REST framework's tree of errors into pointers (RFC 6901)."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = [] if name == "non_field_errors" else [str(name)]
            yield from _errors(inner, path + here)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            leaf = isinstance(inner, exceptions.ErrorDetail)
            yield from _errors(inner, path if leaf else [*path, str(index)])
    else:
        yield _error(_pointer(path), getattr(detail, "code", "invalid"), str(detail))


def _error(pointer: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": detail}


def _pointer(path: Sequence[str]) -> str:
    return "".join(
        f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path if part
    )


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return headers
