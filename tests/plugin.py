"""Loaded before Django's settings: gives the run a database and a broker of its own.

With DATABASE_URL or REDIS_URL set, that engine is taken as it is. Under xdist only the
controller starts engines; each worker makes its own test database, and takes a Redis
database and a data folder of its own.
"""

import atexit
import contextlib
import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

# Before the import below, which makes the Celery application and names other settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
# Playwright's driver keeps an event loop in the thread it was started in, to the end of
# the run; Django would take every later test of that worker for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from alignment.engines.temporary import temporary

ENGINES = contextlib.ExitStack()


def start_engines() -> None:
    """Start what the environment does not name, and name it there."""
    wanted = temporary(
        postgres="DATABASE_URL" not in os.environ, redis="REDIS_URL" not in os.environ
    )
    addresses = ENGINES.enter_context(wanted)
    atexit.register(ENGINES.close)
    os.environ.setdefault("DATABASE_URL", addresses.database_url)
    os.environ.setdefault("REDIS_URL", addresses.redis_url)
    os.environ["ALIGNMENT_DATA"] = str(addresses.data / "files")


def settle_in(worker: str) -> None:
    """Give an xdist worker (`gw3`) its own Redis database and data folder."""
    number = int(worker.removeprefix("gw")) + 1
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{number}"))
    own = Path(os.environ["ALIGNMENT_DATA"]) / worker
    os.environ["ALIGNMENT_DATA"] = str(own)


def set_up() -> None:
    """Once per process, whether pytest imports this first or a worker does."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        start_engines()
    else:
        settle_in(worker)
    Path(os.environ["ALIGNMENT_DATA"]).mkdir(mode=0o700, parents=True, exist_ok=True)


set_up()


def pytest_unconfigure() -> None:
    """Stop them as soon as the run is over; at the latest when Python ends."""
    ENGINES.close()
