from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from foundation.accounts.guards import public


@public
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process reaches the database; details are not public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
