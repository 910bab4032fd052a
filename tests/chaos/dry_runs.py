"""The product's Celery with small slices and slow ones, so that there is time."""

import time
from importlib import import_module

from tests.chaos.app import app

__all__ = ["app"]

# Importing the app has made Django ready for this.
queries = import_module("leads.queries.dry_runs")
setattr(queries, "FEWEST_IN_SLICE", 100)  # noqa: B010
_slices = queries.slices


def _slowly(window):
    return _Slow(_slices(window))


class _Slow(list):  # type: ignore[type-arg]
    """Slices that take a while each, whoever judges them."""

    def __init__(self, parts):
        super().__init__(parts)
        self.counted = False

    def __iter__(self):
        for part in super().__iter__():
            if self.counted:
                time.sleep(0.4)
            yield part
        self.counted = True


setattr(queries, "slices", _slowly)  # noqa: B010
