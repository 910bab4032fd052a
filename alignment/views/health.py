from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, public, requires
from foundation.jobs.queries import jobs
from foundation.ledger.queries import position


@public
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process reaches the database; details are not public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@requires(Permission.LEADERSHIP_VIEW)
@require_GET
def ready(request: UserRequest) -> HttpResponse:
    """Tell how each part is doing: 200 if all is well, 503 if something is not."""
    parts = {"redis": _redis_answers(), "workers": jobs.workers_alive()}
    details = {"position": position(), "jobs": jobs.count_by_state()}
    return JsonResponse(
        {"status": "ok" if all(parts.values()) else "impaired", **parts, **details},
        status=200 if all(parts.values()) else 503,
    )


def _redis_answers() -> bool:
    try:
        cache.get("health")
    except RedisError:
        return False
    return True
