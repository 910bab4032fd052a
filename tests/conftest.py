import shutil
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from foundation.accounts.enums import Role
from tests.factories.accounts import make_user
from tests.triggers import switch_triggers

# A busy machine makes drawing and single examples slow; neither is what is tested.
settings.register_profile(
    "alignment",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("alignment")

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)

_flush = DatabaseOperations.execute_sql_flush


def _flush_append_only_tables(self, sql_list):
    """Empty the tables between tests although their triggers refuse it."""
    return _flush(
        self, [switch_triggers("DISABLE"), *sql_list, switch_triggers("ENABLE")]
    )


setattr(DatabaseOperations, "execute_sql_flush", _flush_append_only_tables)  # noqa: B010


@pytest.fixture(scope="session")
def chromium():
    """A real browser, one for each worker: its driver can be started only once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end, send away what a thread of a server left open: databases must go."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def at():
    """A quiet Monday morning, 12:00 in Bucharest."""
    return datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def sally(db):
    """Works in sales."""
    return make_user(Role.SALES_REP, name="Sally Sales")


@pytest.fixture
def mark(db):
    """Works in marketing."""
    return make_user(Role.MARKETER, name="Mark Marketing")


@pytest.fixture
def lena(db):
    """Leads the company."""
    return make_user(Role.LEADERSHIP, name="Lena Leader")


@pytest.fixture
def sql():
    """Run a statement and return its rows."""

    def run(statement, params=()):
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    return run


@pytest.fixture
def count_queries(db):
    """Call a function and return how many statements it sent."""

    def count(function, *args, **kwargs):
        with CaptureQueriesContext(connection) as captured:
            function(*args, **kwargs)
        return len(captured)

    return count
