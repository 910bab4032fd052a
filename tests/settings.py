"""The product's settings, with cheap password hashes and no rate limits in the way."""

import os

os.environ.setdefault("ALIGNMENT_URL", "http://testserver")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")

from alignment.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

# Static files are served from where they are written, none are collected.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
