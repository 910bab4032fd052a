"""The product's settings with the bare reference beside it."""

from alignment.settings import *  # noqa: F403

INSTALLED_APPS += ["tools.bench"]  # noqa: F405
ROOT_URLCONF = "tools.bench.urls"
API_REQUESTS_PER_MINUTE = 10_000_000
