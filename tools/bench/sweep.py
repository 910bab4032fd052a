"""Sweep 10 000 due among 1 000 000 running clocks, beside a bare update.

They take turns, batch by batch, in one process and on one server. The bare one marks
1 000 clocks at a time and nothing else; ours writes breach rows and events, and seals a
ledger entry a batch.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2

from alignment.engines.temporary import temporary

PROJECT = Path(__file__).parents[2]
LEADS = 500_000  # of two promises each
DUE = 10_000
BATCH = 1_000
ROUNDS = 3
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
_MOST = 3


def main() -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, bare, ratio)."""
    with temporary(on_disk=True) as engines:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "alignment.settings",
            "DATABASE_URL": engines.database_url,
            "REDIS_URL": engines.redis_url,
            "SECRET_KEY": "only-for-measuring-" + "x" * 40,
            "ALIGNMENT_URL": "http://localhost",
            "ALIGNMENT_DATA": str(engines.data / "files"),
        }
        python(environment, "manage.py", "migrate", "--verbosity", "0")
        _fill(engines.database_url)
        told = json.loads(python(environment, "-m", "tools.bench.sweep"))
    contact, bare, silence = told["contact"], told["bare"], told["silence"]
    return [
        (
            f"sweep of {DUE} due among {2 * LEADS} running clocks",
            f"{contact:.0f} ms",
            f"{bare:.0f} ms",
            f"{contact / bare:.1f} (at most {_MOST})",
        ),
        (
            f"the same of {DUE} decisions, each lead accepted by silence",
            f"{silence:.0f} ms",
            f"{bare:.0f} ms",
            f"{silence / bare:.1f}",
        ),
    ]


def python(environment: dict[str, str], *words: str) -> str:
    """Run Python with this environment and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        cwd=PROJECT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout


# A lead's contact is due in the round of its number, the decisions of the first ones
# in the last round; those of all others long after.
_FILL = f"""
    SET synchronous_commit = off;
    INSERT INTO leads_lead
        (id, external_system, external_id, email, email_folded, phone, first_name,
         last_name, job_title, language, source, segment, country, priority,
         do_not_contact, exclusion, stage, round, stage_since_at, created_at,
         first_mql_at, round_mql_at)
    SELECT i, '', '', '', '', '', '', '', '', '', '', '', 'RO', 0, false, '', 'mql', 1,
        %(start)s, %(start)s, %(start)s, %(start)s
    FROM generate_series(1, {LEADS}) i;
    INSERT INTO leads_stagechange
        (id, entry_id, is_withdrawal, in_force, lead_id, round, from_stage, to_stage,
         occurred_at, recorded_at, cause, reason, although_met, implied, history,
         source, segment, country)
    SELECT i, 1, false, true, i, 1, 'lead', 'mql', %(start)s, %(start)s, 'definition',
        '', false, false, false, '', '', 'RO'
    FROM generate_series(1, {LEADS}) i;
    INSERT INTO sla_clock
        (lead_id, kind, round, clause_id, change_id, calendar_id, state, history,
         waiting, started_at, due_at, breach_at, done_by, cancelled_reason, logged_late,
         self_reported, by_silence, by_hand, although_met, excepted, late_agreed,
         pauses, source, segment, country, entry_id, segments)
    SELECT i, c.kind, 1, c.id, i, 1, 'running', false, true, %(start)s, due, due, '',
        '', false, false, false, false, false, false, false, 0, '', '', 'RO', 1, 0
    FROM generate_series(1, {LEADS}) i, sla_clause c, LATERAL (
        SELECT %(start)s + interval '1 hour' * CASE
            WHEN c.kind = 'first_response' AND i <= {DUE * (ROUNDS + 1)}
                THEN (i - 1) / {DUE}
            WHEN c.kind = 'acceptance' AND i <= {DUE} THEN {ROUNDS + 1}
            ELSE 1000 + i %% 1000 END AS due) due;
    SELECT setval(pg_get_serial_sequence('leads_stagechange', 'id'), {LEADS});
    CREATE TABLE bare_clock (id bigint PRIMARY KEY, lead_id bigint NOT NULL,
        kind text NOT NULL, started_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL, state text NOT NULL, ended_at timestamptz);
    INSERT INTO bare_clock
        SELECT id, lead_id, kind, started_at, due_at, state FROM sla_clock;
    CREATE INDEX ON bare_clock (due_at) WHERE state = 'running';
    CREATE INDEX ON bare_clock (lead_id);
"""  # noqa: S608 -- numbers are ours
_BARE = f"""
    UPDATE bare_clock SET state = 'breached', ended_at = due_at WHERE id IN (
        SELECT id FROM bare_clock WHERE state = 'running' AND due_at < %s
        ORDER BY due_at LIMIT {BATCH} FOR UPDATE SKIP LOCKED)
"""  # noqa: S608 -- numbers are ours


def _fill(url: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(_FILL, {"start": START})
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")


def _measure() -> dict[str, float]:
    """Return the milliseconds of 10 000 of each, the median of the rounds.

    The first round warms both up.
    """
    from django.db import connection  # noqa: PLC0415 -- in the process that has Django

    from sla.actions import sweeping  # noqa: PLC0415

    def bare(at: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_BARE, [at])
            return int(cursor.rowcount)

    def ours(at: datetime) -> int:
        return sweeping.sweep(at=at)

    rounds = []
    for number in range(ROUNDS + 1):
        at = START + number * HOUR + HOUR / 2
        rounds.append(_in_turn(bare, ours, at))
    _, silence = _in_turn(bare, ours, START + (ROUNDS + 1.5) * HOUR)
    times = sorted(rounds[1:], key=lambda pair: pair[1] / pair[0])
    bare_time, our_time = times[len(times) // 2]
    return {"bare": bare_time, "contact": our_time, "silence": silence}


def _in_turn(
    bare: Callable[[datetime], int], ours: Callable[[datetime], int], at: datetime
) -> tuple[float, float]:
    """Return the milliseconds each took for all that was due, a batch of it in turn."""
    spent, done = [0.0, 0.0], [0, 0]
    while min(done) < DUE:
        place = int(done[1] < done[0])
        begun = time.perf_counter()
        done[place] += (bare, ours)[place](at)
        spent[place] += (time.perf_counter() - begun) * 1_000
    assert done == [DUE, DUE], done  # noqa: S101
    return spent[0], spent[1]


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_measure()))
