"""Tell workers that there is work. Only speed depends on it: the tick does the same.

Sending happens in a thread of its own, so that no request ever waits for Redis, and
wake-ups that pile up while one is being sent become one message.
"""

import logging
import os
import threading

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


class _Sender:
    def __init__(self) -> None:
        self._lanes: set[str] = set()
        self._asked = threading.Condition()
        self._owner = 0

    def ask(self, lane: str) -> None:
        with self._asked:
            self._lanes.add(lane)
            self._asked.notify()
            if self._owner != os.getpid():
                self._owner = os.getpid()
                threading.Thread(target=self._work, daemon=True, name="wake").start()

    def _work(self) -> None:
        while True:
            with self._asked:
                self._asked.wait_for(lambda: self._lanes)
                lanes, self._lanes = self._lanes, set()
            for lane in lanes:
                send(lane)


sender = _Sender()


def wake_on_commit(lane: str) -> None:
    """Wake a worker of ``lane`` when the surrounding transaction has committed."""
    transaction.on_commit(lambda: sender.ask(lane), robust=True)


def send(lane: str, *, messages: int = 1) -> None:
    """Publish wake-ups now. A broker that is away is logged once, never raised."""
    try:
        for _ in range(messages):
            current_app.send_task("jobs.wake", (lane,), queue=lane, retry=False)
    except Exception as error:  # noqa: BLE001 -- whatever the broker's client raises
        logger.warning("No worker could be woken, the tick will: %s", error)
