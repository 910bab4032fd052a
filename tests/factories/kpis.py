"""Histories of leads as Hypothesis draws them, written by the product's own actions."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from foundation.accounts.models import Workspace
from kpis.actions import facts
from leads.actions import corrections, leads, stages
from leads.enums import Cause, Exclusion
from leads.models import Lead, StageChange
from tests.factories.leads import make_lead

BEGIN = datetime(2026, 3, 25, tzinfo=UTC)
"""Two clock changes lie in the weeks that follow, in one zone or another."""

NOW = BEGIN + timedelta(days=200)
SOURCES = ["", "unknown", "web"]
STAGES = ["mql", "sal", "sql", "opportunity", "customer"]
ZONES = ["Europe/Bucharest", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"]
hours = st.integers(0, 24 * 40)
which = st.integers(0, 50)

creations = st.tuples(st.just("create"), hours, st.sampled_from(SOURCES))
advances = st.tuples(st.just("advance"), which, st.sampled_from(STAGES), hours)
exits = st.tuples(
    st.just("exit"), which, st.sampled_from(["recycled", "disqualified"]), hours
)
withdrawals = st.tuples(st.just("withdraw"), which)
exclusions = st.tuples(
    st.just("exclude"), which, st.sampled_from([Exclusion.NONE, Exclusion.SPAM])
)
works = st.tuples(st.just("work"))
zones = st.tuples(st.just("zone"), st.sampled_from(ZONES))
steps = creations | advances | advances | exits | withdrawals | exclusions
histories = st.lists(steps | works | zones, min_size=4, max_size=25)
short_histories = st.lists(steps | zones, min_size=1, max_size=4)


def live(history):
    """Do what the history says, step by step."""
    for name, *args in history:
        globals()[f"_{name}"](*args)


def _create(hour, source):
    made_at = BEGIN + timedelta(hours=hour)
    make_lead(created_at=made_at, source=source, country=source[:2], at=NOW)


def _pick(rows, number):
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def _advance(number, stage, hour, cause=Cause.IMPORT):
    if lead := _pick(Lead.objects.all(), number):
        when = max(lead.stage_since_at, lead.created_at) + timedelta(hours=hour // 4)
        wish = stages.Advance(lead.pk, stage, when, cause)
        if lead.stage in STAGES and hour % 3 == 0:  # learn of a skipped stage later
            wish = stages.Advance(lead.pk, stage, lead.stage_since_at, cause)
        stages.advance_many([wish], by=None, at=NOW)
        Lead.objects.filter(pk=lead.pk).update(source=SOURCES[hour % 3])


def _exit(number, stage, hour):
    _advance(number, stage, hour)


def _withdraw(number):
    rows = StageChange.objects.filter(in_force=True, is_withdrawal=False)
    if change := _pick(rows, number):
        corrections.withdraw_changes([change.pk], by=None, at=NOW)


def _exclude(number, why):
    if lead := _pick(Lead.objects.all(), number):
        leads.exclude([lead.pk], why, by=None, at=NOW)


def _work():
    facts.refresh_all()


def _zone(name):
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": name})


def a_kpi(person=None):
    """The parts of a KPI's address."""
    return {"key": "mqls"}
