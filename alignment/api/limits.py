"""Counting in Redis, a minute at a time, for as long as Redis answers.

A limit on the API protects us from a program that runs wild, not a secret; so it fails
open: with Redis away nobody is counted, and after a failure Redis is left alone for a
while so that requests do not wait for it one by one.
"""

import logging
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60
_LEAVE_ALONE_SECONDS = 10.0
_TIMEOUT_SECONDS = 0.25


@dataclass(frozen=True)
class Count:
    """How often something was done in this minute, and when the next one begins."""

    used: int
    limit: int
    reset_seconds: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit


class Limiter:
    """Counts by name. One for the process."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
        )
        self._again_at = 0.0

    def hit(self, name: str, *, limit: int, now: float) -> Count | None:
        """Count once more; None while Redis is away. ``now`` is Unix time."""
        if time.monotonic() < self._again_at:
            return None
        window = int(now) // WINDOW_SECONDS
        key = f"alignment:limit:{name}:{window}"
        try:
            pipe = self._redis.pipeline(transaction=False)
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW_SECONDS)
            used = int(pipe.execute()[0])
        except RedisError as error:
            self._again_at = time.monotonic() + _LEAVE_ALONE_SECONDS
            logger.warning("Requests are not counted, Redis is away: %s", error)
            return None
        return Count(used, limit, (window + 1) * WINDOW_SECONDS - int(now))


@cache
def limiter(url: str = "") -> Limiter:
    """Return the process's limiter for the Redis of the settings."""
    return Limiter(url or settings.REDIS_URL)
