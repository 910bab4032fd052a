"""Workers are killed in the middle of a dry run: each lead is in one group once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from leads.actions import leads, stages
from leads.actions.leads import NewLead
from leads.enums import Cause
from leads.models import DryRun, DryRunLead
from tests.chaos.crew import Crew, children, kill
from tests.chaos.test_loads import _wait, data
from tests.factories.dry_runs import make_draft, make_dry_run

__all__ = ["data"]
pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
CREATED = datetime(2026, 1, 10, 8, tzinfo=UTC)
LEADS = 1_000
KILLS = 2
FROM_WEB = {"rules": {"field": "lead.source", "op": "is", "value": "web"}}


def test_a_run_begun_anew_finds_what_one_finds_that_nobody_killed(data):
    """R1: SIGKILL of all workers, twice, while slices are judged."""
    path, redis_url = data
    new = [
        NewLead(
            {"email": f"p{n}@example.com", "source": ("web", "fair")[n % 2]}, CREATED
        )
        for n in range(LEADS)
    ]
    made = leads.create_many(new, by=None, at=CREATED)
    at = CREATED + timedelta(days=1)
    wishes = [stages.Advance(r.pk, "mql", at, Cause.DEFINITION) for r in made[::4]]
    stages.advance_many(wishes, by=None, at=at)
    run = make_dry_run(make_draft(FROM_WEB))
    rows = DryRunLead.objects.filter(run=run)

    with Crew(path, redis_url, app="tests.chaos.dry_runs") as crew:
        for number in range(1, KILLS + 1):
            _wait(lambda number=number: _under_way(run, attempt=number))
            for name in ("one", "two"):
                pid = crew.alive[name].pid
                for each in [*children(pid), pid]:
                    kill(each)
                crew.alive[name].wait()
            with connection.cursor() as cursor:  # Nobody waits five minutes here.
                cursor.execute(
                    "UPDATE jobs_job SET leased_until_at = now() "
                    "WHERE state = 'running'"
                )
            crew.mend()
        _wait(lambda: DryRun.objects.get(pk=run.pk).state == JobState.DONE)

    run.refresh_from_db()
    assert Job.objects.filter(attempt=KILLS + 1).get() == run.job
    assert run.results == {
        "judged": LEADS,
        "same": LEADS // 4,
        "no_longer": 0,
        "newly": LEADS // 4,
    }
    found = rows.values_list("lead_id", flat=True)
    assert sorted(found) == [row.pk for row in made[::2]]


def _under_way(run, *, attempt):
    """Tell whether this attempt has stored some of the leads and not all."""
    job = Job.objects.get(pk=run.job_id)
    assert job.attempt <= attempt, "It ended before it was killed."
    return job.attempt == attempt and 0 < job.done_steps < LEADS
