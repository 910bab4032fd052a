"""A dry run over many leads and touches, beside the same condition written by hand.

Ours is the product's own run as a worker does it, slice by slice, with its job and its
rows; the other is one statement for this condition alone, written as somebody would who
knows the tables, that stores the same rows. They take turns in one process on one
server, and must find the same. ``python -m tools.bench.dry_run LEADS`` measures another
size; each lead has four touches.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg2

from alignment.engines.temporary import temporary
from tools.bench.sweep import python

if TYPE_CHECKING:
    from foundation.documents.models import Version
    from leads.models import DryRun
    from leads.queries.dry_runs import Window

LEADS = 1_000_000
TOUCHES = 4
TIMES = 3
WINDOW = (date(2026, 4, 1), date(2026, 7, 1))
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
_MOST = 1.5

CRITERIA = {
    "rules": {
        "all": [
            {"field": "company.employees", "op": "at_least", "value": 50},
            {"field": "lead.country", "op": "in", "value": ["RO", "PL"]},
            {
                "any": [
                    {
                        "touches": {"type": ["demo_request"]},
                        "op": "at_least",
                        "value": 1,
                        "within_days": 30,
                    },
                    {
                        "touches": {"type": ["webinar"]},
                        "op": "at_least",
                        "value": 2,
                        "within_days": 60,
                    },
                ]
            },
        ]
    }
}


def main(leads: int = LEADS) -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, hand-written, ratio)."""
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
        _fill(engines.database_url, leads)
        told = json.loads(python(environment, "-m", "tools.bench.dry_run", "inside"))
    ours, bare = told["ours"], told["bare"]
    line = f"dry run over {leads} leads with {leads * TOUCHES} touches"
    return [
        (
            line,
            f"{ours:.1f} s",
            f"{bare:.1f} s",
            f"{ours / bare:.2f} (at most {_MOST})",
        ),
        (
            "the same: later conversion of its groups, by source",
            f"{told['later']:.0f} ms",
            "",
            "",
        ),
    ]


# Leads arrive evenly over eighteen months and their touches in the seventy days after
# them, in order of time, as they would be recorded; a third qualified after 20 days.
_FILL = """
    SET synchronous_commit = off;
    INSERT INTO leads_company (id, external_system, external_id, name, domain, country,
        segment, industry, employees, created_at)
    SELECT i, '', '', 'C' || i, '', '', '', '', i * 7 %% 200, '2025-01-01+00'
    FROM generate_series(1, %(leads)s / 4) i;
    CREATE TEMP TABLE one AS SELECT i AS id, i * 2654435761 %% 1000 AS chance,
        timestamptz '2025-01-01+00' + i * (interval '540 days' / %(leads)s) AS at
        FROM generate_series(1, %(leads)s::bigint) i;
    INSERT INTO leads_lead
        (id, external_system, external_id, email, email_folded, phone, first_name,
         last_name, job_title, language, company_id, source, segment, country, priority,
         do_not_contact, exclusion, stage, round, stage_since_at, created_at,
         first_mql_at, round_mql_at, first_sql_at, first_customer_at)
    SELECT id, '', '', '', '', '', '', '', '', '', 1 + id %% (%(leads)s / 4),
        (ARRAY['web', 'fair', 'partner', ''])[1 + id %% 4], '',
        (ARRAY['RO', 'PL', 'DE'])[1 + id %% 3], 0, false, '',
        CASE WHEN chance < 10 THEN 'customer' WHEN chance < 80 THEN 'sql'
            WHEN chance < 330 THEN 'mql' WHEN chance < 430 THEN 'disqualified'
            ELSE 'lead' END, 1, at, at,
        CASE WHEN chance < 330 THEN at + interval '20 days' END,
        CASE WHEN chance < 330 THEN at + interval '20 days' END,
        CASE WHEN chance < 80 THEN at + interval '30 days' END,
        CASE WHEN chance < 10 THEN at + interval '40 days' END FROM one;
    INSERT INTO leads_stagechange
        (entry_id, is_withdrawal, in_force, lead_id, round, from_stage, to_stage,
         occurred_at, recorded_at, cause, reason, although_met, implied, history,
         source, segment, country)
    SELECT 1, false, true, l.id, 1, s.came_from, s.stage, s.at, s.at, 'definition', '',
        false, false, false, l.source, '', l.country
    FROM leads_lead l JOIN one ON one.id = l.id, LATERAL (VALUES
        ('', 'lead', l.created_at), ('lead', 'mql', l.first_mql_at),
        ('mql', 'sql', l.first_sql_at), ('sql', 'customer', l.first_customer_at),
        ('lead', 'disqualified', CASE WHEN l.stage = 'disqualified'
            THEN l.created_at + interval '50 days' END)) AS s(came_from, stage, at)
    WHERE s.at IS NOT NULL ORDER BY s.at;
    INSERT INTO leads_touchpoint
        (entry_id, is_withdrawal, in_force, lead_id, external_system, external_id,
         occurred_at, recorded_at, channel, type, direction, team, automatic,
         utm_source, utm_medium, utm_campaign, currency, proof, proof_reference,
         history)
    SELECT 1, false, true, one.id, '', '', t.at, t.at + interval '1 hour', 'other',
        (ARRAY['visit', 'webinar', 'demo_request', 'webinar', 'email', 'download'])
            [1 + (one.id * 7 + n * 11) %% 6], 'inbound', '', false, '', '', '', '',
        'system', '', false
    FROM one, generate_series(1, %(touches)s) AS n, LATERAL (
        SELECT one.at + interval '1 hour' * ((one.id * 31 + n * 397) %% 1680) AS at) t
    ORDER BY t.at;
    INSERT INTO leads_touchpoint
        (entry_id, corrects_id, is_withdrawal, in_force, lead_id, external_system,
         external_id, occurred_at, recorded_at, channel, type, direction, team,
         automatic, utm_source, utm_medium, utm_campaign, currency, proof,
         proof_reference, history)
    SELECT 1, id, true, true, lead_id, '', '', occurred_at,
        recorded_at + interval '9 days', channel, type, direction, '', false, '', '',
        '', '', 'system', '', false
    FROM leads_touchpoint WHERE id %% 200 = 0;
    INSERT INTO leads_attributechange (entry_id, is_withdrawal, in_force, subject,
        subject_id, field, value, occurred_at, recorded_at)
    SELECT 1, false, true, 'lead', id, 'country', country, created_at, created_at
    FROM leads_lead WHERE id %% 20 = 0;
    CREATE TABLE bare_group (run_id bigint NOT NULL, outcome text NOT NULL,
        lead_id bigint NOT NULL, at timestamptz NOT NULL, source text NOT NULL,
        PRIMARY KEY (run_id, outcome, lead_id));
"""

_BARE = """
    WITH moments AS MATERIALIZED (
        SELECT l.id, l.company_id, coalesce(q.source, d.source, l.source) AS source,
            coalesce(q.country, d.country, k.value, l.country) AS country,
            q.id IS NOT NULL AS qualified,
            coalesce(q.occurred_at, d.occurred_at, %(until)s) AS at,
            (coalesce(q.occurred_at, d.occurred_at, %(until)s)
                AT TIME ZONE %(zone)s)::date AS day
        FROM leads_lead l
            LEFT JOIN leads_stagechange q ON q.lead_id = l.id AND q.to_stage = 'mql'
                AND q.in_force AND NOT q.is_withdrawal AND NOT q.implied
                AND q.occurred_at >= %(from)s AND q.occurred_at < %(until)s
            LEFT JOIN leads_stagechange d ON d.lead_id = l.id
                AND d.to_stage = 'disqualified' AND d.from_stage = 'lead'
                AND d.in_force AND NOT d.is_withdrawal AND d.occurred_at < %(until)s
            LEFT JOIN (
                SELECT DISTINCT ON (subject_id) subject_id, value
                FROM leads_attributechange WHERE subject = 'lead'
                    AND field = 'country' AND recorded_at <= %(until)s
                ORDER BY subject_id, occurred_at DESC, id DESC
            ) AS k ON k.subject_id = l.id
        WHERE l.created_at < %(until)s AND l.exclusion = ''
            AND (l.first_mql_at IS NULL OR l.first_mql_at >= %(from)s)
            AND (q.id IS NOT NULL OR d.id IS NULL OR d.occurred_at >= %(from)s)
    ), bounds AS MATERIALIZED (
        SELECT *, (day - 30)::timestamp AT TIME ZONE %(zone)s AS since30,
            (day - 60)::timestamp AT TIME ZONE %(zone)s AS since60 FROM moments
    ), behaviour AS (
        SELECT t.lead_id,
            count(*) FILTER (WHERE t.type = 'demo_request'
                AND t.occurred_at >= b.since30) AS demos,
            count(*) FILTER (WHERE t.type = 'webinar'
                AND t.occurred_at >= b.since60) AS webinars
        FROM leads_touchpoint t JOIN bounds b ON b.id = t.lead_id
        WHERE t.type IN ('demo_request', 'webinar') AND NOT t.is_withdrawal
            AND t.occurred_at >= %(oldest)s AND t.occurred_at <= %(until)s
            AND t.occurred_at BETWEEN b.since60 AND b.at AND t.recorded_at <= b.at
            AND NOT EXISTS (SELECT FROM leads_touchpoint k
                WHERE k.corrects_id = t.id AND k.recorded_at <= b.at)
        GROUP BY t.lead_id
    ), judged AS MATERIALIZED (
        SELECT b.id, b.qualified, b.at, b.source, b.country IN ('RO', 'PL')
            AND coalesce(c.employees >= 50, false)
            AND (coalesce(v.demos, 0) >= 1 OR coalesce(v.webinars, 0) >= 2) AS met
        FROM bounds b LEFT JOIN leads_company c ON c.id = b.company_id
            LEFT JOIN behaviour v ON v.lead_id = b.id
    ), stored AS (
        INSERT INTO bare_group SELECT %(run)s, CASE WHEN NOT qualified THEN 'newly'
            WHEN met THEN 'same' ELSE 'no_longer' END, id, at, source
        FROM judged WHERE qualified OR met
    ) SELECT count(*), count(*) FILTER (WHERE qualified AND met),
        count(*) FILTER (WHERE qualified AND NOT met),
        count(*) FILTER (WHERE NOT qualified AND met) FROM judged
"""


def _fill(url: str, leads: int) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(_FILL, {"leads": leads, "touches": TOUCHES})
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")


def inside() -> dict[str, float]:
    """Measure in this process, on the database that its environment names."""
    import django  # noqa: PLC0415 -- only where there is a database

    django.setup()
    from foundation.accounts.queries import workspace  # noqa: PLC0415
    from leads.actions import definitions  # noqa: PLC0415
    from leads.enums import Stage  # noqa: PLC0415
    from leads.queries.dry_runs import Window  # noqa: PLC0415

    draft = definitions.Draft("Tried out", criteria=CRITERIA)
    version = definitions.draft(Stage.MQL, draft, by=None, at=NOW)
    window = Window(*WINDOW, workspace.zone())
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    run = None
    for number in range(TIMES + 1):
        run, counted = _timed(times["ours"], partial(_ours, version))
        by_hand = _timed(times["bare"], partial(_by_hand, number, window))
        if list(counted.values()) != by_hand:
            raise AssertionError(counted, by_hand)
    found = {name: statistics.median(some[1:]) for name, some in times.items()}
    assert run is not None  # noqa: S101 -- there was a round
    return {**found, "later": _later(run)}


def _timed[R](times: list[float], work: Callable[[], R]) -> R:
    begun = time.perf_counter()
    found = work()
    times.append(time.perf_counter() - begun)
    return found


def _ours(version: "Version") -> tuple["DryRun", dict[str, int]]:
    from foundation.jobs.actions import running  # noqa: PLC0415
    from leads.actions import dry_runs  # noqa: PLC0415
    from leads.queries.dry_runs import COUNTED  # noqa: PLC0415

    run = dry_runs.ask(version, *WINDOW, by=None, at=NOW)
    running.run_next("long")
    run.refresh_from_db()
    return run, {name: run.results[name] for name in COUNTED}


def _by_hand(number: int, window: "Window") -> list[int]:
    from django.db import connection  # noqa: PLC0415

    params: dict[str, Any] = {
        "from": window.from_at,
        "until": window.until_at,
        "oldest": window.from_at - timedelta(days=61),
        "zone": window.zone.key,
        "run": number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BARE, params)
        return list(cursor.fetchone())


def _later(run: "DryRun") -> float:
    """Return the milliseconds that later conversion takes, the median."""
    from kpis.queries import dry_runs  # noqa: PLC0415
    from kpis.queries.reading import reading  # noqa: PLC0415

    times: list[float] = []
    for _ in range(TIMES + 1):
        with reading(at=NOW) as seen:
            _timed(times, partial(dry_runs.told, run, seen))
    return statistics.median(times[1:]) * 1_000


if __name__ == "__main__":
    if sys.argv[1:] == ["inside"]:
        print(json.dumps(inside()))
    else:
        for row in main(*map(int, sys.argv[1:])):
            print("| " + " | ".join(row) + " |")
