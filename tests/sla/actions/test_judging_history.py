"""What is judged in sets equals what is judged one clock at a time."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foundation.accounts.enums import Role
from foundation.ledger.models import Event
from leads.actions import leads, stages
from leads.actions.leads import NewLead
from sla.actions import assessing, judging_history
from sla.actions.agreement import Promise
from sla.enums import ClauseKind
from sla.models import Clock
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead
from tests.factories.sla import HOUR, call, make_agreement, make_calendar

pytestmark = pytest.mark.django_db
LOCAL = {"id", "entry", "lead", "change"}
NIGHTS = {day: [["22:00", "02:00"]] for day in ("mon", "tue", "wed", "sat", "sun")}


class Undone(Exception):
    """Ends a transaction whose effect was looked at."""


@pytest.fixture
def owners(at):
    """Nobody, somebody with everybody's hours, somebody with the team's own."""
    return [None, make_user(), make_user(Role.SALES_REP, team=make_team())]


@pytest.fixture
def agreed(at, owners):
    """Two versions of each, hours of a team's own, and clauses that are narrowed."""
    make_calendar(at=at - 2_000 * HOUR)
    make_calendar(at=at - 120 * HOUR, weekly={"mon": [["08:00", "24:00"]]})
    make_calendar(at=at - 2_000 * HOUR, team=owners[2].team, weekly=NIGHTS)
    make_calendar(at=at - 150 * HOUR, person=owners[1], weekly=NIGHTS)
    first, accept = ClauseKind.FIRST_RESPONSE, ClauseKind.ACCEPTANCE
    make_agreement(
        Promise(first, HOUR, source="web"),
        Promise(first, 3 * HOUR),
        Promise(accept, 5 * HOUR, segment="big", priority=2),
        Promise(accept, 9 * HOUR),
        at=at - 2_000 * HOUR,
    )
    make_agreement(Promise(accept, 2 * HOUR, source="fair"), at=at - 90 * HOUR)


def clocks():
    """Every clock that there is, without ids, and how many of them are history."""
    names = [f.attname for f in Clock._meta.concrete_fields if f.name not in LOCAL]
    names += ["change__to_stage", "change__round", "change__occurred_at"]
    told = Event.objects.filter(kind="sla.clocks.evaluated")
    rows = Clock.objects.filter(change__lead=F("lead"))
    assert rows.count() == Clock.objects.count()
    return (
        list(rows.order_by("lead", "round", "kind").values(*names)),
        list(told.values_list("payload", flat=True)),
    )


def seen(many, work):
    """Judge sets of that many changes at once; look at the clocks; take it back."""
    found = []
    with pytest.MonkeyPatch.context() as patch, suppress(Undone), transaction.atomic():
        patch.setattr(assessing, "MANY", many)
        work()
        found.append(clocks())
        raise Undone
    return found[0]


CHANGES = st.tuples(
    st.sampled_from(
        [
            *("mql", "sal", "sql", "opportunity", "customer"),
            *("recycled", "disqualified", "lost"),
        ]
    ),
    st.sampled_from([0, 1, 20 * 60, 9 * 3600, 17 * 3600, 60 * 3600]),
)
LEADS = st.fixed_dictionaries(
    {
        "ago": st.integers(1, 400),
        "microseconds": st.sampled_from([0, 0, 1, 999_999]),
        "source": st.sampled_from(["", "web", "fair"]),
        "segment": st.sampled_from(["", "big"]),
        "priority": st.sampled_from([0, 2]),
        "owner": st.integers(0, 2),
        "before": st.sampled_from(["", "", "", "touch", "spam", "barred", "mql"]),
        "path": st.lists(CHANGES, min_size=1, max_size=5),
    }
)
PLAIN = {"ago": 200, "microseconds": 0, "source": "", "segment": "", "priority": 0}
PLAIN |= {"owner": 0, "before": "", "path": [("mql", 0)]}


def make(at, drawn, owners):
    """Create the leads; return how each goes on, in order of time."""
    wishes = []
    for one in drawn:
        created = at - one["ago"] * HOUR - timedelta(microseconds=one["microseconds"])
        split = {name: one[name] for name in ("source", "segment", "priority")}
        lead = make_lead(
            created_at=created,
            owner=owners[one["owner"]],
            do_not_contact=one["before"] == "barred",
            exclusion="spam" if one["before"] == "spam" else "",
            **split,
        )
        if one["before"] == "touch":
            call(lead, created + HOUR, at=at)
        if one["before"] == "mql":
            early = stages.Advance(lead.pk, "mql", created, "import")
            stages.advance_many([early], by=None, at=at, live=False)
        moment = created
        for stage, seconds in one["path"]:
            moment += timedelta(seconds=seconds)
            wishes.append(stages.Advance(lead.pk, stage, moment, "import"))
    return sorted(wishes, key=lambda wish: wish.occurred_at)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(LEADS, min_size=1, max_size=5), live=st.booleans())
@example(drawn=[PLAIN | {"path": [("mql", 0), ("customer", 3600)]}], live=False)
@example(drawn=[PLAIN | {"path": [("sql", 1), ("sal", 0)]}], live=False)
@example(
    drawn=[PLAIN | {"path": [("mql", 0), ("sal", 99 * 3600), ("lost", 0)]}], live=False
)
def test_the_two_readings_agree(at, agreed, owners, drawn, live):
    def work():
        wishes = make(at, drawn, owners)
        stages.advance_many(wishes, by=None, at=at, live=live)

    assert seen(0, work) == seen(10**9, work)


def test_plain_history_is_judged_in_the_database(at, agreed, owners, monkeypatch):
    """The comparison above would hold too if nothing were judged in sets."""
    made = []
    judge = judging_history.judge

    def spy(*args, **kwargs):
        made.append(judge(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(judging_history, "judge", spy)
    paths = [
        [("mql", 0)],
        [("mql", 0), ("sal", 3600)],
        [("mql", 0), ("sal", 99 * 3600)],
        [("mql", 0), ("customer", 3600)],
        [("mql", 1), ("disqualified", 3600)],
        [("mql", 1), ("recycled", 3600), ("mql", 3600)],
    ]
    drawn = [PLAIN | {"path": path, "owner": n % 3} for n, path in enumerate(paths)]

    def work():
        stages.advance_many(make(at, drawn, owners), by=None, at=at, live=False)

    (rows, told) = seen(0, work)

    assert made[-1][0] == 14
    assert told == [{"clocks": 14}]
    states = {(row["kind"], row["state"], row["done_by"]) for row in rows}
    assert states == {
        ("acceptance", "met", "accepted"),
        ("acceptance", "met", "disqualified"),
        ("acceptance", "met", "recycled"),
        ("acceptance", "breached", ""),
        ("acceptance", "breached", "accepted"),
        ("acceptance", "cancelled", ""),
        ("first_response", "breached", ""),
        ("first_response", "cancelled", ""),
    }


def test_as_many_statements_however_many_leads(at, monkeypatch):
    make_calendar()
    make_agreement()
    monkeypatch.setattr(assessing, "MANY", 0)

    def load(number, name):
        new = [
            NewLead(
                {"external_system": name, "external_id": f"{n}", "source": f"s{n}"},
                created_at=at - (48 + n % 90) * HOUR,
                stage="sql" if n % 2 else "mql",
            )
            for n in range(number)
        ]
        sent = []

        def count(execute, sql, *rest):
            sent.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(count):
            leads.create_many(new, by=None, at=at, cause="import", live=False)
        return len(sent)

    # What was agreed is read again only where it changed.
    assert load(2, "z") == load(2, "a") + 1
    assert load(2, "a2") == load(3, "b") == load(1_000, "c")
    assert Clock.objects.filter(history=True).count() == 2 * (1 + 1 + 1 + 2 + 500)
