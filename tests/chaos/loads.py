"""The product's Celery with small chunks, so that a short file has many."""

from importlib import import_module

from tests.chaos.app import app

__all__ = ["app"]

# Importing the app has made Django ready for this.
setattr(import_module("integrations.actions.reading"), "CHUNK_ROWS", 100)  # noqa: B010
