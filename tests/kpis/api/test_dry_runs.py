import json
from datetime import UTC, datetime

import pytest

from foundation.accounts.actions import tokens
from foundation.accounts.enums import Role
from foundation.jobs.actions import running
from leads.enums import Stage
from leads.models import DryRun
from tests.factories.accounts import make_user
from tests.factories.dry_runs import make_draft, make_dry_run
from tests.factories.leads import move
from tests.leads.actions.test_dry_runs import a_lead, an_mql, on

pytestmark = pytest.mark.django_db
WINDOW = {"first_on": "2026-01-01", "last_on": "2026-03-31"}
NOW = datetime(2026, 9, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: NOW)


@pytest.fixture
def ask(client):
    """Call the API with a token of these scopes."""

    def call(method, path, body=None, *, scopes=("definitions:read",)):
        owner = make_user(Role.INTEGRATION, is_active=False)
        _row, token = tokens.create(
            owner=owner, name="t", scopes=set(scopes), by=owner, at=NOW
        )
        return client.generic(
            method,
            f"/api/v1/{path}",
            "" if body is None else json.dumps(body),
            "application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return call


BOTH = ("definitions:read", "definitions:write")


def test_a_run_is_asked_for_watched_and_read(ask):
    version = make_draft()
    met = an_mql(on(2, 10), on(2, 1))
    a_lead(on(3, 20))

    path = f"definitions/{version.pk}/dry-runs/"
    answer = ask("POST", path, WINDOW, scopes=BOTH)

    run = DryRun.objects.get()
    assert answer.status_code == 202
    body = answer.json()
    assert answer["Location"] == body["url"]
    assert body["url"].endswith(f"/api/v1/dry-runs/{run.pk}/")
    assert (body["state"], body["judged"]) == ("ready", None)
    assert (body["first_on"], body["last_on"]) == ("2026-01-01", "2026-03-31")
    assert ask("GET", f"dry-runs/{run.pk}/").json()["groups"] == []

    assert running.run_next("long")

    body = ask("GET", f"dry-runs/{run.pk}/").json()
    assert (body["state"], body["done"], body["total"], body["judged"]) == (
        "done",
        2,
        2,
        2,
    )
    groups = [(g["group"], g["source"], g["n"]) for g in body["groups"]]
    assert groups == [
        ("same", None, 1),
        ("no_longer", None, 0),
        ("newly", None, 1),
        ("same", "web", 1),
        ("newly", "web", 1),
    ]
    customer = body["groups"][0]["customer"]
    assert customer == {
        "reached": 0,
        "n": 1,
        "value": "0.0000000000",
        "low": "0.0000000000",
        "high": "0.7934506856",
        "small_sample": True,
        "mature": True,
        "waiting": 0,
    }
    assert body["groups"][1]["sql"]["value"] is None
    listed = ask("GET", f"dry-runs/{run.pk}/leads/?group=same").json()
    assert listed["results"] == [{"id": met.pk, "judged_at": "2026-02-10T09:00:00Z"}]
    for each in (path, "dry-runs/", f"dry-runs/?definition={version.pk}"):
        assert [row["id"] for row in ask("GET", each).json()["results"]] == [run.pk]
    assert ask("GET", f"dry-runs/?definition={version.pk + 1}").json()["results"] == []


def test_asking_needs_the_scope_to_write(ask):
    path = f"definitions/{make_draft().pk}/dry-runs/"

    assert ask("POST", path, WINDOW).status_code == 403
    assert ask("GET", path, scopes=("kpis:read",)).status_code == 403
    assert not DryRun.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({**WINDOW, "last_on": "2025-01-01"}, 422, "wrong_window"),
        ({**WINDOW, "last_on": "2099-01-01"}, 422, "wrong_window"),
        ({**WINDOW, "more": 1}, 400, "invalid"),
    ],
)
def test_what_is_wrong_is_told(ask, body, status, code):
    path = f"definitions/{make_draft().pk}/dry-runs/"
    answer = ask("POST", path, body, scopes=BOTH)

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == code
    assert not DryRun.objects.exists()


def test_a_definition_of_sql_is_tried_out_too(ask):
    version = make_draft(stage=Stage.SQL)
    lead = an_mql(on(2, 1), on(2, 1))
    move(lead, "sql", on(2, 10))
    move(lead, "opportunity", on(3, 10))

    answer = ask("POST", f"definitions/{version.pk}/dry-runs/", WINDOW, scopes=BOTH)
    assert answer.status_code == 202
    assert running.run_next("long")

    path = f"dry-runs/{answer.json()['id']}/"
    same = ask("GET", path).json()["groups"][0]
    reached = [same[step]["reached"] for step in ("sql", "opportunity", "customer")]
    assert (same["group"], same["n"], reached) == ("same", 1, [1, 1, 0])
    listed = ask("GET", f"{path}leads/?group=same&part=only_opportunity").json()
    assert [row["id"] for row in listed["results"]] == [lead.pk]


def test_leads_of_a_run_that_goes_on_are_not_there(ask):
    run = make_dry_run()
    assert ask("GET", f"dry-runs/{run.pk}/leads/?group=same").status_code == 404


def test_a_run_is_stopped_and_again_and_not_once_it_has_ended(ask):
    run, other = make_dry_run(), make_dry_run(make_draft(stage=Stage.SQL))
    path = f"dry-runs/{run.pk}/cancellation/"
    assert ask("POST", path).status_code == 403

    for _ in range(2):
        answer = ask("POST", path, scopes=BOTH)
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert ask("GET", f"dry-runs/{run.pk}/").json()["state"] == "cancelled"
    assert running.run_next("long")
    assert not running.run_next("long")

    late = ask("POST", f"dry-runs/{other.pk}/cancellation/", scopes=BOTH)
    assert (late.status_code, late.json()["code"]) == (409, "dry_run_state")
    assert ask("POST", path, {"x": 1}, scopes=BOTH).status_code == 400
    assert ask("POST", "dry-runs/0/cancellation/", scopes=BOTH).status_code == 404
