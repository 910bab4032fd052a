"""The product's Celery with a job that takes its time, to be asked to end meanwhile."""

import os
import time
from pathlib import Path

import django
from django.apps import apps

from alignment.celery import app

if not apps.ready:
    django.setup()

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import handler

__all__ = ["app"]


@handler("engines.slow", lease_seconds=30, attempts=3)
def slow(run: Run) -> None:
    folder = Path(os.environ["UNDER_WAY"])
    (folder / "begun").touch()
    time.sleep(float(os.environ["SECONDS_OF_WORK"]))
    with run.finishing():
        (folder / "ended").touch()
