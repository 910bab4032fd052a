"""What addresses of definitions need: each returns the parts of a path."""

from datetime import UTC, datetime, timedelta

from leads.actions import blind_reviews, definitions
from leads.actions.definitions import Draft
from leads.enums import Stage
from tests.factories.definitions import RULES, define
from tests.factories.leads import make_lead

NOW = datetime.now(UTC)


def a_draft(caller):
    new = Draft("Qualified", criteria=RULES)
    return {"pk": definitions.draft(Stage.MQL, new, by=caller, at=NOW).pk}


def a_lead_to_explain(caller):
    define(at=NOW)
    return {"pk": make_lead().pk}


def a_drawn_lead(caller):
    define(at=NOW)
    make_lead(created_at=NOW - timedelta(days=1))
    return {"pk": blind_reviews.draw_week(at=NOW)[0].pk}
