"""Load leads by the command beside hand-written set SQL for the same rows.

    python -m tools.bench.imports [ROWS]

The references parse the file, copy it to a staging table and write leads, two stage
changes, two events and two clocks each: one into copies of the product's own tables
(`tools.bench.same_tables`), one into four narrow tables with as few columns and indexes
as will do. They validate nothing, know no identity and seal no ledger. Ours is the
whole process, from its start to its end. All load two files one after the other, in
turn.
"""

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2

from alignment.engines.temporary import temporary
from tools.bench import same_tables

ROWS = 100_000
PROJECT = Path(__file__).resolve().parents[2]
_SOURCES = ("webinar", "search", "referral")
_WORDS = (
    *("--default", "external_system=bench", "--default", "stage=mql"),
    *("--timezone", "Europe/Bucharest", "--json"),
)


def make_file(path: Path, rows: int, seed: int) -> None:
    """Write leads with identifier, address, time, source and country."""
    chance = random.Random(seed)  # noqa: S311 -- the same rows every time
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["external_id", "email", "created_at", "source", "country"])
        for n in range(rows):
            day = f"2026-{1 + n % 10:02}-{1 + n % 28:02}"
            writer.writerow(
                [
                    f"{seed}-{n}",
                    f"p{seed}_{n}@Example.com",
                    f"{day}T{n % 24:02}:{n % 60:02}:00Z",
                    chance.choice(_SOURCES),
                    chance.choice(("RO", "PL")),
                ]
            )


_TABLES = """
    CREATE SCHEMA bare;
    CREATE TABLE bare.lead (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        external_system text NOT NULL, external_id text NOT NULL, email text,
        source text NOT NULL DEFAULT '', country text, stage text NOT NULL,
        created_at timestamptz NOT NULL, mql_at timestamptz, owner_id int,
        created_on date);
    CREATE UNIQUE INDEX ON bare.lead (external_system, external_id);
    CREATE UNIQUE INDEX ON bare.lead (lower(email));
    CREATE INDEX ON bare.lead (stage, source);
    CREATE INDEX ON bare.lead (mql_at);
    CREATE TABLE bare.stage_change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        lead_id bigint NOT NULL REFERENCES bare.lead, round int NOT NULL,
        from_stage text, to_stage text NOT NULL, occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(), cause text);
    CREATE INDEX ON bare.stage_change (lead_id, occurred_at);
    CREATE INDEX ON bare.stage_change (to_stage, occurred_at);
    CREATE TABLE bare.event (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text, subject text, at timestamptz DEFAULT now(), payload jsonb,
        xid xid8 DEFAULT pg_current_xact_id());
    CREATE TABLE bare.clock (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        lead_id bigint REFERENCES bare.lead, clause int, started_at timestamptz,
        due_at timestamptz, state text, UNIQUE (lead_id, clause));
    CREATE INDEX ON bare.clock (due_at) WHERE state = 'running';
    CREATE INDEX ON bare.clock (lead_id);
"""
NARROW = [
    """CREATE TEMP TABLE fresh ON COMMIT DROP AS WITH made AS (
        INSERT INTO bare.lead (external_system, external_id, email, source, country,
            stage, created_at, mql_at, created_on)
        SELECT 'bench', external_id, email, source, country, 'mql', at, at,
            (at AT TIME ZONE 'Europe/Bucharest')::date FROM staged
        ON CONFLICT (external_system, external_id) DO NOTHING
        RETURNING id, external_id)
    SELECT made.id, staged.at, staged.due FROM made JOIN staged USING (external_id)""",
    """INSERT INTO bare.stage_change
        (lead_id, round, from_stage, to_stage, occurred_at, cause)
    SELECT id, 1, null, 'lead', at, 'import' FROM fresh
    UNION ALL SELECT id, 1, 'lead', 'mql', at, 'import' FROM fresh""",
    """INSERT INTO bare.event (kind, subject, payload)
    SELECT 'leads.lead.created', 'lead:' || id, jsonb_build_object('stage', 'mql')
    FROM fresh UNION ALL SELECT 'leads.stage.changed', 'lead:' || id,
        jsonb_build_object('to', 'mql') FROM fresh""",
    """INSERT INTO bare.clock (lead_id, clause, started_at, due_at, state)
    SELECT id, k, at, due, 'breached' FROM fresh, generate_series(1, 2) k""",
    """SELECT sha256(string_agg(e.position || e.kind || e.subject || e.payload::text,
        '' ORDER BY position)::bytea)
    FROM bare.event e WHERE xid = pg_current_xact_id()""",
]


def load_bare(url: str, path: Path, statements: Sequence[str]) -> None:
    """Load a file by hand-written SQL in one transaction."""
    staged = io.StringIO()
    writer = csv.writer(staged)
    with path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for n, (external, email, at, source, country) in enumerate(rows):
            moment = datetime.fromisoformat(at)
            due = moment + timedelta(hours=2)
            folded, place = email.strip().casefold(), country.upper()
            times = (moment.isoformat(), due.isoformat())
            writer.writerow([n, external, folded, source.strip(), place, *times])
    staged.seek(0)
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged (n int, external_id text, email text, "
            "source text, country text, at timestamptz, due timestamptz) "
            "ON COMMIT DROP"
        )
        cursor.copy_expert("COPY staged FROM STDIN CSV", staged)
        cursor.execute("ANALYZE staged")
        for statement in statements:
            cursor.execute(statement)
        connection.commit()


def manage(environment: dict[str, str], *words: str) -> str:
    """Run a management command in a process of its own and return what it prints."""
    command = [sys.executable, str(PROJECT / "manage.py"), *words]
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, check=True, capture_output=True
    )
    return done.stdout.decode()


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds a piece of work takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def measure(rows: int = ROWS) -> list[dict[str, float]]:
    """Load two files, each in all three ways; return rows a second."""
    with (
        temporary(on_disk=True) as engines,
        tempfile.TemporaryDirectory() as folder,
    ):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "alignment.settings",
            "DATABASE_URL": engines.database_url,
            "REDIS_URL": engines.redis_url,
            "SECRET_KEY": "bench",
            "ALIGNMENT_URL": "http://localhost",
            "ALIGNMENT_DATA": str(engines.data / "files"),
        }
        _prepare(engines.database_url, environment)
        found = []
        for seed in (1, 2):
            path = Path(folder) / f"leads{seed}.csv"
            make_file(path, rows, seed)
            bare = partial(load_bare, engines.database_url, path)
            seconds = {
                "same": timed(partial(bare, same_tables.STATEMENTS)),
                "ours": timed(partial(_load, environment, path, rows)),
                "narrow": timed(partial(bare, NARROW)),
            }
            found.append({name: rows / took for name, took in seconds.items()})
        _check(engines.database_url, 2 * rows)
        return found


def _prepare(url: str, environment: dict[str, str]) -> None:
    manage(environment, "migrate", "--verbosity", "0")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLES)
        same_tables.make(cursor)
        connection.commit()


def _load(environment: dict[str, str], path: Path, rows: int) -> None:
    answer = json.loads(manage(environment, "load", "leads", str(path), *_WORDS))
    assert answer["created"] == rows, answer  # noqa: S101


def _check(url: str, leads: int) -> None:
    """Make sure that everything was written that the figures speak of."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        for schema in ("public", "same"):
            for table, each in zip(same_tables.COPIED, (1, 2, 2, 2), strict=True):
                cursor.execute(f"SELECT count(*) FROM {schema}.{table}")  # noqa: S608
                (count,) = cursor.fetchone() or (0,)
                assert count >= each * leads, (schema, table, count)  # noqa: S101


def main(rows: int = ROWS) -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, bare, ratio)."""
    found = measure(rows)
    lines = [
        (
            f"load of {rows} leads, file {number}, beside SQL into {name} tables",
            f"{line['ours']:.0f}/s",
            f"{line[name]:.0f}/s",
            f"{line['ours'] / line[name]:.2f}",
        )
        for number, line in enumerate(found, 1)
        for name in ("same", "narrow")
    ]
    first, second = (rows / line["ours"] for line in found)
    took = ("second file beside the first, seconds", f"{second:.1f}", f"{first:.1f}")
    return [*lines, (*took, f"{second / first:.2f}")]


if __name__ == "__main__":
    for row in main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS):
        print("| " + " | ".join(row) + " |")
