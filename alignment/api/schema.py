"""The API's OpenAPI 3.1 document, read from what the endpoints declare."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter

from alignment.api.errors import MEDIA_TYPE
from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.api.once import HEADER
from foundation.kernel.api.fields import Money
from foundation.kernel.api.serializers import Body

type Document = dict[str, Any]

_ALWAYS = {
    400: "A parameter or the body is wrong.",
    401: "No caller is known: send a token, or sign in.",
    403: "The caller may not do this.",
    406: "The answer cannot be written in the form that was asked for.",
    429: "Too many requests this minute; Retry-After says when to go on.",
    503: "The database is away for a moment; Retry-After says when to ask again.",
}
_OF_WRITES = {
    409: "The state of the records does not allow it.",
    413: "The body is too large.",
    415: "The body is of a type that is not read here.",
    422: "The input as a whole cannot be taken.",
}
_NOT_FOUND = {404: "There is no such record, or not for this caller."}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Sent again within 24 hours, the same write is done once.",
)


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".")


class Schema(AutoSchema):
    """One operation, from the endpoint's ``body``, ``out`` and parameters."""

    @override
    def get_operation(self, *args: Any, **kwargs: Any) -> Document | None:
        operation: Document | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["summary"] = _first_sentence(operation.get("description", ""))
            for status in self._problems():
                answer = {"$ref": f"#/components/responses/Problem{status}"}
                told = operation["responses"].setdefault(str(status), answer)
                if told is not answer:  # the endpoint has an answer of its own, too
                    told["content"] |= _CONTENT
        return operation

    def _problems(self) -> list[int]:
        known = dict(_ALWAYS)
        if "{" in self.path:
            known |= _NOT_FOUND
        if self.method in _WRITES:
            known |= _OF_WRITES
        return sorted(known)

    @override
    def get_operation_id(self) -> str:
        usual: str = super().get_operation_id()
        return getattr(self.view, "operation", "") or usual

    @override
    def get_request_serializer(self) -> Any:
        return getattr(self.view, "body", None)

    @override
    def get_response_serializers(self) -> Any:
        view = self.view
        if not isinstance(view, Endpoint):
            return super().get_response_serializers()
        status = view.status.get(self.method, 200)
        return {status: None if status == 204 else view.out}

    @override
    def get_override_parameters(self) -> list[Any]:
        view = self.view
        if not isinstance(view, Endpoint):
            return []
        declared = view.declared(self.method).items()
        keys = [_KEY] if self.method in _WRITES else []
        return [
            OpenApiParameter(
                name,
                self._map_serializer_field(wanted.value, "request"),
                description=wanted.description,
            )
            for name, wanted in declared
        ] + keys

    @override
    def _map_basic_serializer(self, serializer: Any, direction: str) -> Document:
        schema: Document = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, Body | Money):
            schema["additionalProperties"] = False
        return schema

    @override
    def _is_list_view(self, serializer: Any = None) -> bool:
        return isinstance(self.view, ListEndpoint) and self.method == "GET"

    @override
    def _get_paginator(self) -> Any:
        view = self.view
        return view.pagination_class() if isinstance(view, ListEndpoint) else None


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "alignment.api.authentication.TokenAuthentication"
    name = "token"

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> Document:
        return build_bearer_security_scheme_object("Authorization", "Bearer")


class SessionScheme(OpenApiAuthenticationExtension):
    """The cookie of a signed-in browser; programs use tokens."""

    target_class = "alignment.api.authentication.BrowserSession"
    name: list[str] = []

    @override
    def get_security_requirement(self, auto_schema: AutoSchema) -> list[Document]:
        return []

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> list[Document]:
        return []


_ERROR = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "additionalProperties": False,
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body."},
        "parameter": {"type": "string", "description": "Name in the address."},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
_PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people; may be translated."},
        "code": {"type": "string", "description": "For programs; never changes."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}


_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def declare_errors(
    result: Document, generator: object, request: object, public: object
) -> Document:
    """Add the refusals that the operations name."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(Problem=_PROBLEM, Fault=_ERROR)
    components["responses"] = {
        f"Problem{status}": {"description": text, "content": _CONTENT}
        for status, text in sorted((_ALWAYS | _OF_WRITES | _NOT_FOUND).items())
    }
    return result
