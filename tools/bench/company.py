"""The example company, and many copies of its leads and their facts made by SQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from alignment.engines.temporary import temporary

ROOT = Path(__file__).parents[2]
COPIES = 16
"""With these and the 6 000 leads of the company there are 102 000."""

COPIED = 100_000_000
"""Rows with numbers from here on are copies, in the order of what was copied."""

_FROM = {
    "leads_company": {"domain": "copy"},
    "leads_lead": {
        "email": "copy",
        "email_folded": "copy",
        "external_id": "copy",
        "company_id": "shift",
    },
    "leads_stagechange": {"lead_id": "shift", "corrects_id": "shift"},
    "deals_deal": {"lead_id": "shift", "company_id": "shift", "external_id": "copy"},
    "deals_dealchange": {"deal_id": "shift", "corrects_id": "shift"},
    "deals_revenueentry": {
        "deal_id": "shift",
        "lead_id": "shift",
        "company_id": "shift",
        "corrects_id": "shift",
        "external_id": "copy",
    },
    "sla_clock": {"lead_id": "shift", "change_id": "shift"},
}
"""What of each table differs from copy to copy; the rest, entries too, stays."""

_HOW = {
    "shift": "{copied} + t.{column} * %(copies)s + copy - 1",
    "copy": "coalesce('c' || copy || '-' || nullif(t.{column}, ''), '')",
}


@dataclass(frozen=True)
class Place:
    """Where the company lives: the variables a process needs to open it."""

    env: dict[str, str]

    @property
    def url(self) -> str:
        return self.env["DATABASE_URL"]

    def manage(self, *words: str) -> str:
        """Run a command of ``manage.py`` and return what it printed."""
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        """Run Python in this place."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *words],
            cwd=ROOT,
            env=self.env,
            check=True,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        return done.stdout


@contextmanager
def example() -> Iterator[Place]:
    """Make the example company on engines of its own, which go with the block."""
    with temporary(on_disk=True) as engines:
        place = Place(
            {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DATABASE_URL": engines.database_url,
                "REDIS_URL": engines.redis_url,
                "ALIGNMENT_DATA": str(engines.data / "files"),
                "ALIGNMENT_URL": "http://127.0.0.1",
                "SECRET_KEY": "only-for-measuring-" + "x" * 40,
                "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
            }
        )
        place.manage("migrate", "-v0", "--run-syncdb")
        place.manage("example")
        place.manage("collectstatic", "--noinput", "-v0")
        yield place


def multiply(url: str, copies: int) -> int:
    """Add so many copies of every lead with its facts; return how many leads there are.

    The copies of a row follow each other, so that all lie in the order in which they
    would have been told. They name the entries of what they were copied from, so that
    the position stays; every day of the daily facts is owed afterwards.
    """
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        for table, changed in _FROM.items():
            cursor.execute(_statement(cursor, table, changed), {"copies": copies})
        cursor.execute(
            "INSERT INTO kpis_mark (day, zone) SELECT DISTINCT f.day, b.zone "
            "FROM kpis_dailyfact f, kpis_basis b"
        )
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM leads_lead")
        return int(cursor.fetchone()[0])  # type: ignore[index]


def _statement(
    cursor: "psycopg2.extensions.cursor", table: str, changed: dict[str, str]
) -> str:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    how = {"id": "shift", **changed}
    columns = [
        _HOW[how[name]].format(column=name, copied=COPIED)
        if name in how
        else f"t.{name}"
        for name in names
    ]
    return f"""
        INSERT INTO {table} ({", ".join(names)})
        SELECT {", ".join(columns)}
        FROM {table} t CROSS JOIN generate_series(1, %(copies)s) AS copy
        WHERE t.id < {COPIED} ORDER BY t.id, copy
    """  # noqa: S608 -- names are ours
