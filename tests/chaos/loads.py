"""The product's Celery with small chunks, so that a short file has many.

How far a check is, is said often.
"""

from importlib import import_module

from tests.chaos.app import app

__all__ = ["app"]

# Importing the app has made Django ready for this.
setattr(import_module("integrations.actions.reading"), "CHUNK_ROWS", 100)  # noqa: B010
setattr(import_module("integrations.actions.checking"), "_EVERY_SECONDS", 0.02)  # noqa: B010
