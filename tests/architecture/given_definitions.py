"""What addresses of definitions need: each returns the parts of a path."""

from datetime import UTC, datetime, timedelta

from foundation.accounts.models import User
from foundation.documents.actions import versions
from foundation.jobs.actions.running import run_next
from leads.actions import blind_reviews
from tests.factories.definitions import (
    AT,
    define,
    head_of,
    make_definition,
    make_proposal,
    make_signed,
)
from tests.factories.dry_runs import make_dry_run
from tests.factories.leads import make_lead

NOW = datetime.now(UTC)


def a_draft(caller):
    make_signed()
    by = caller if isinstance(caller, User) else None
    return {"pk": make_definition(by=by).pk}


def a_proposal(caller):
    """Both functions have a head, so leadership signs for neither."""
    head_of("sales")
    row = make_proposal()
    versions.comment(row, "Agreed.", by=head_of("marketing"), at=AT)
    return {"pk": row.pk}


def two_versions(caller):
    one, other = make_signed(), make_signed(title="Qualified lead")
    return {"pk": other.pk, "other": one.pk}


def a_lead_to_explain(caller):
    define(at=NOW)
    return {"pk": make_lead().pk}


def a_drawn_lead(caller):
    define(at=NOW)
    make_lead(created_at=NOW - timedelta(days=1))
    return {"pk": blind_reviews.draw_week(at=NOW)[0].pk}


def a_waiting_dry_run(caller):
    return {"pk": make_dry_run().pk}


def a_dry_run(caller):
    run = make_dry_run()
    assert run_next("long")
    return {"pk": run.pk}
