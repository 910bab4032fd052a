from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint
from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, requires
from foundation.kernel.htmx import page


class OpenApi(JSONRenderer):
    media_type = "application/vnd.oai.openapi+json"
    charset = None


class SchemaDocument(Endpoint):
    """The OpenAPI 3.1 document of this API, the same for every caller."""

    permission = Permission.OWN_ACCOUNT
    renderer_classes = [OpenApi, JSONRenderer]
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


@cache
def document() -> dict[str, Any]:
    """Return the document; it cannot change while the process lives."""
    with translation.override("en"):
        generator = SchemaGenerator()
        return dict(generator.get_schema(request=None, public=True))


@requires(Permission.OWN_ACCOUNT)
@require_GET
def docs(request: UserRequest) -> HttpResponse:
    """Show the page on which people read and try the API."""
    return page(request, "api/docs.html", {})
