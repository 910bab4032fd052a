"""Commands as people type them: with a reader that leaves, or without a database."""

import os
import subprocess
import sys

import pytest

from alignment.engines.ports import any_free
from alignment.engines.workspace import PROJECT
from tests.chaos.crew import database_url
from tests.factories.integrations import make_load


def command(*words, url, **streams):
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        stderr=subprocess.PIPE,
        text=True,
        **streams,
    )


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_leaves_is_no_fault(mark):
    """As with `| head`: nobody wants to see a traceback under three lines."""
    load = make_load(mark)
    reading, writing = os.pipe()
    os.close(reading)

    words = ("undo_load", str(load.pk), "--dry-run")
    child = command(*words, url=database_url(), stdout=writing)
    os.close(writing)

    _, said = child.communicate(timeout=120)
    assert (said, child.returncode) == ("", 141)


def test_a_database_that_is_not_there_is_named_in_one_line():
    port = any_free()
    url = f"postgresql://ana:secret@127.0.0.1:{port}/crm"

    child = command("undo_load", "7", url=url, stdout=subprocess.PIPE)

    _, said = child.communicate(timeout=120)
    expected = (
        f"DATABASE_URL: no database answers at 127.0.0.1, port {port}: "
        "Connection refused\n"
    )
    assert (said, child.returncode) == (expected, 1)
