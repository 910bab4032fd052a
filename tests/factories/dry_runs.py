from datetime import date

from foundation.documents.models import Version
from leads.actions import definitions, dry_runs
from leads.actions.definitions import Draft
from leads.enums import Stage
from leads.models import DryRun
from tests.factories.leads import CREATED_AT

ASKED = {
    "rules": {
        "all": [
            {"field": "lead.source", "op": "is", "value": "web"},
            {
                "touches": {"type": ["demo_request"]},
                "op": "at_least",
                "value": 1,
                "within_days": 30,
            },
        ]
    }
}
"""Came over the web and asked for a demo in the last 30 days."""

FIRST_QUARTER = (date(2026, 1, 1), date(2026, 4, 1))


def make_draft(criteria=ASKED, *, stage=Stage.MQL, by=None, at=CREATED_AT) -> Version:
    new = Draft(f"{stage} definition", criteria=criteria)
    return definitions.draft(stage, new, by=by, at=at)


def make_dry_run(version=None, window=FIRST_QUARTER, *, by=None, at=None) -> DryRun:
    """Ask for a run; a worker of the long lane works it out."""
    version = version or make_draft()
    return dry_runs.ask(version, *window, by=by, at=at or _LATER)


_LATER = CREATED_AT.replace(month=9)
