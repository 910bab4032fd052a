"""The product's Celery with one more kind of job, which leaves a countable effect."""

import os
import random
import time

import django
from django.apps import apps
from django.db import connection

from alignment.celery import app

if not apps.ready:
    django.setup()

from foundation.jobs.actions.running import Run
from foundation.jobs.domain.registry import handler

__all__ = ["app"]

LONGEST = float(os.environ.get("CHAOS_LONGEST_SECONDS", "0.08"))


@handler("chaos.effect", lease_seconds=5, attempts=50)
def effect(run: Run) -> None:
    """Work a little, then leave one row in the transaction that ends the job."""
    time.sleep(random.uniform(0.01, LONGEST))
    with run.finishing(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_effect (job) VALUES (%s)", [run.job.pk])
