from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns.actions.merge_outcomes import Told
from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.ledger.models import Event
from leads.actions import leads, merge_leads
from leads.actions.leads import NewLead
from leads.enums import Cause
from leads.models import AttributeChange, Company, Lead, Note, StageChange
from tests.factories.leads import make_company, make_lead, move

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOT_COMPARED = {"id", "entry", "lead", "corrects"}


def told(*rows, **everywhere):
    """Rows as a file tells them, with values that stand in every row."""
    rows = [{**everywhere, **row} for row in rows]  # type: ignore[assignment]
    names = sorted({name for row in rows for name in row})
    return Told(len(rows), {name: [row.get(name) for row in rows] for name in names})


def merge(at, *rows, by=None, live=False, **everywhere):
    return merge_leads.merge(told(*rows, **everywhere), by=by, at=at, live=live)


def counts(outcome):
    refused = [(r.place, r.target, r.code) for r in outcome.refusals]
    return (outcome.created, outcome.updated, outcome.unchanged, refused)


def rows_of(model, *order, without=()):
    """The rows of a table as they stand, without ids."""
    left_out = NOT_COMPARED | set(without)
    names = [f.attname for f in model._meta.concrete_fields if f.name not in left_out]
    return list(model.objects.order_by(*order, "pk").values(*names))


def changes():
    whose = ("lead__email_folded", "lead__external_id")
    names = [
        f.attname
        for f in StageChange._meta.concrete_fields
        if f.name not in NOT_COMPARED
    ]
    rows = StageChange.objects.order_by(*whose, "occurred_at", "pk")
    return list(rows.values(*whose, *names))


def events():
    """The events of this app, without the numbers of what they speak of."""
    rows = Event.objects.filter(kind__startswith="leads.").order_by("pk")
    return [
        (kind, {name: value for name, value in data.items() if name != "change"})
        for kind, data in rows.values_list("kind", "payload")
    ]


class Undone(Exception):
    """Ends a transaction whose effect was looked at."""


def seen(look, work):
    """Do work, look at what it made, take it back."""
    found = []
    with suppress(Undone), transaction.atomic():
        work()
        found.append(look())
        raise Undone
    return found[0]


def everything():
    return {
        "leads": rows_of(Lead, "email_folded", "external_id"),
        "changes": changes(),
        "events": sorted(events(), key=str),
        "attributes": rows_of(
            AttributeChange, "field", "value", without=["subject_id"]
        ),
    }


PEOPLE = [
    {"email": "ana@gmail.com"},
    {"email": "ion@gmail.com", "external_system": "crm", "external_id": "7"},
    {"external_system": "crm", "external_id": "8", "phone": "+40722123456"},
]


@pytest.mark.parametrize("stage", ["lead", "mql", "sql", "customer", "disqualified"])
@pytest.mark.parametrize("live", [True, False])
def test_new_leads_are_written_as_create_many_writes_them(at, sally, stage, live):
    values = {"source": "webinar", "segment": "smb", "country": "RO", "priority": 3}
    created = [at - 30 * HOUR, at - HOUR, at]

    def by_hand():
        new = [
            NewLead({**person, **values}, created_at=moment, stage=stage)
            for person, moment in zip(PEOPLE, created, strict=True)
        ]
        leads.create_many(new, by=sally, at=at, cause=Cause.IMPORT, live=live)

    def from_file():
        rows = [
            {**person, "created_at": moment}
            for person, moment in zip(PEOPLE, created, strict=True)
        ]
        outcome = merge(at, *rows, by=sally, live=live, stage=stage, **values)
        assert counts(outcome) == (3, 0, 0, [])

    expected = seen(everything, by_hand)
    assert seen(everything, from_file) == expected
    assert len(expected["leads"]) == 3


def test_given_times_are_real_and_what_lies_between_is_implied(at):
    merge(
        at,
        {
            "email": "ana@gmail.com",
            "created_at": at - 9 * DAY,
            "mql_at": at - 8 * DAY,
            "sql_at": at - 5 * DAY,
            "customer_at": at - DAY,
        },
    )

    lead = Lead.objects.get()
    assert (lead.stage, lead.round, lead.stage_since_at) == ("customer", 1, at - DAY)
    path = StageChange.objects.order_by("pk")
    assert [(c.from_stage, c.to_stage, c.occurred_at, c.implied) for c in path] == [
        ("", "lead", at - 9 * DAY, False),
        ("lead", "mql", at - 8 * DAY, False),
        ("mql", "sal", at - 5 * DAY, True),
        ("sal", "sql", at - 5 * DAY, False),
        ("sql", "opportunity", at - DAY, True),
        ("opportunity", "customer", at - DAY, False),
    ]
    assert lead.first_opportunity_at == lead.round_customer_at == at - DAY


@pytest.mark.parametrize(
    ("row", "reached"),
    [
        ({"stage": "mql"}, {"mql": 9}),
        ({"stage": "sql", "mql_at": 8}, {"mql": 8, "sal": 8, "sql": 8}),
        ({"stage": "mql", "sal_at": 7}, {"mql": 7, "sal": 7}),
        ({"stage": "recycled", "mql_at": 8}, {"mql": 8}),
    ],
)
def test_a_stage_without_time_was_reached_when_the_lead_was_last_heard_of(
    at, row, reached
):
    moments = {k: at - v * DAY if isinstance(v, int) else v for k, v in row.items()}
    merge(at, {"email": "ana@gmail.com", "created_at": at - 9 * DAY, **moments})

    lead = Lead.objects.get()
    stages = ("mql", "sal", "sql", "opportunity", "customer")
    times = {stage: getattr(lead, f"first_{stage}_at") for stage in stages}
    assert {s: (at - t).days for s, t in times.items() if t} == reached


def test_a_lead_without_time_of_creation_is_as_old_as_what_is_told_of_it(at):
    merge(at, {"email": "a@b.ro"}, {"email": "c@b.ro", "mql_at": at - DAY})

    times = Lead.objects.order_by("pk").values_list("created_at", flat=True)
    assert list(times) == [at, at - DAY]


@pytest.mark.parametrize(
    ("row", "target", "code"),
    [
        ({"created_at": 1}, "created_at", "in_future"),
        ({"created_at": -9, "mql_at": -10}, "mql_at", "before_lead_created"),
        ({"created_at": -9, "sql_at": 1}, "sql_at", "in_future"),
        ({"mql_at": -5, "sql_at": -6, "created_at": -9}, "sql_at", "out_of_order"),
        ({"created_at": -9, "stage": "recycled"}, "stage", "no_way"),
        ({"customer_at": -3, "stage": "lost"}, "stage", "no_way"),
        ({"owner": "x" * 121}, "owner", "owner_too_long"),
    ],
)
def test_refusals_of_new_leads(at, row, target, code):
    moments = {k: at + v * DAY if isinstance(v, int) else v for k, v in row.items()}

    outcome = merge(at, {"email": "a@b.ro"}, {"email": "c@b.ro", **moments})

    assert counts(outcome) == (1, 0, 0, [(1, target, code)])
    assert Lead.objects.count() == 1
    assert not User.objects.exists()


def test_a_known_lead_is_brought_up_to_date_and_blank_cells_erase_nothing(at, mark):
    lead = make_lead(email="ana@alfa.ro", source="search", phone="+40722123456")
    Lead.objects.filter(pk=lead.pk).update(company=None)

    outcome = merge(
        at,
        {"email": "ana@alfa.ro", "source": "webinar", "phone": None, "priority": 2},
        by=mark,
    )

    assert counts(outcome) == (0, 1, 0, [])
    lead.refresh_from_db()
    assert (lead.source, lead.phone, lead.priority) == ("webinar", "+40722123456", 2)
    facts = AttributeChange.objects.values_list("subject_id", "field", "value")
    assert list(facts) == [(lead.pk, "priority", "2"), (lead.pk, "source", "webinar")]
    event = Event.objects.get(kind="leads.lead.changed")
    assert event.payload == {"fields": "company_id,priority,source"}
    change = next(c for c in outcome.changes if c.subject == "leads.lead")
    assert (change.subject_id, change.before, change.after) == (
        lead.pk,
        {"source": "search", "priority": 0, "company_id": None},
        {"source": "webinar", "priority": 2, "company_id": lead.company_id},
    )


def test_telling_it_again_says_nothing_new(at):
    rows = [
        {"email": "ana@alfa.ro", "stage": "sql", "mql_at": at - DAY, "notes": "Hello"},
        {"phone": "+40722123456", "owner": "Sally", "campaign": "Spring fair"},
    ]
    assert counts(merge(at, *rows, created_at=at - 2 * DAY)) == (2, 0, 0, [])
    before = everything()

    again = merge(at + HOUR, *rows, created_at=at - 2 * DAY)

    assert counts(again) == (0, 0, 2, [])
    assert everything() == before
    assert again.changes == []


def test_external_id_and_address_of_two_leads_are_a_conflict(at):
    make_lead(email="ana@alfa.ro", external_system="crm", external_id="1")
    make_lead(email="ion@alfa.ro", external_system="crm", external_id="2")

    outcome = merge(
        at,
        {"external_id": "1", "email": "ion@alfa.ro"},
        {"external_id": "3", "email": "ion@alfa.ro"},
        {"external_id": "1", "email": "new@alfa.ro"},
        external_system="crm",
    )

    conflict = ("external_id", "identity_conflict")
    assert counts(outcome) == (0, 1, 0, [(0, *conflict), (1, *conflict)])
    emails = Lead.objects.order_by("pk").values_list("email", flat=True)
    assert list(emails) == ["new@alfa.ro", "ion@alfa.ro"]


def test_a_lead_without_identifier_gets_the_one_that_comes_with_its_address(at):
    lead = make_lead(email="Ana@Alfa.ro")

    merge(at, {"email": "ana@alfa.ro", "external_system": "crm", "external_id": "9"})

    lead.refresh_from_db()
    assert (lead.external_system, lead.external_id) == ("crm", "9")
    assert lead.email == "Ana@Alfa.ro"


def test_stages_of_a_known_lead_go_on_by_the_rules(at):
    lead = make_lead(email="ana@gmail.com", created_at=at - 9 * DAY, stage="mql")

    outcome = merge(
        at,
        {"email": "ana@gmail.com", "sal_at": at - 5 * DAY, "stage": "sql"},
        {"email": "ana@gmail.com", "mql_at": at - 8 * DAY},
        {"email": "ana@gmail.com", "stage": "mql"},
    )

    assert counts(outcome) == (0, 1, 2, [])
    lead.refresh_from_db()
    assert (lead.stage, lead.first_sal_at, lead.first_sql_at, lead.first_mql_at) == (
        "sql",
        at - 5 * DAY,
        at,
        at - 9 * DAY,
    )


def test_a_row_is_taken_as_a_whole_or_not_at_all(at):
    lead = make_lead(email="ana@gmail.com", created_at=at - 9 * DAY, source="search")
    move(lead, "mql", at - 8 * DAY)
    move(lead, "sal", at - 2 * DAY)
    before = everything()

    outcome = merge(
        at,
        {
            "email": "ana@gmail.com",
            "source": "webinar",
            "sql_at": at - HOUR,
            "customer_at": at + HOUR,
        },
    )

    assert counts(outcome) == (0, 0, 0, [(0, "customer_at", "in_future")])
    assert everything() == before


def test_a_recycled_lead_is_not_qualified_again_by_an_old_file(at):
    lead = make_lead(email="ana@gmail.com", created_at=at - 9 * DAY)
    move(lead, "mql", at - 8 * DAY)
    move(lead, "recycled", at - 7 * DAY, cause=Cause.IMPORT)

    outcome = merge(at, {"email": "ana@gmail.com", "stage": "mql"})

    assert counts(outcome) == (0, 0, 1, [])
    lead.refresh_from_db()
    assert (lead.stage, lead.round) == ("recycled", 1)


def test_who_and_what_is_unknown_is_made_once(at, sally):
    merge(
        at,
        {"email": "ana@alfa.ro", "owner": sally.email.upper(), "campaign": "Fair"},
        {"email": "ion@alfa.ro", "owner": "Ghost", "campaign": "Fair"},
        {"email": "eva@gmail.com", "owner": "Ghost"},
    )

    owners = [lead.owner.name for lead in Lead.objects.order_by("pk")]  # type: ignore[union-attr]
    assert owners == ["Sally Sales", "Ghost", "Ghost"]
    assert not User.objects.get(name="Ghost").is_active
    assert Campaign.objects.get().name == "Fair"
    assert Company.objects.get().domain == "alfa.ro"
    stamped = StageChange.objects.order_by("pk").values_list("owner__name", flat=True)
    assert list(stamped) == owners


def test_a_row_that_says_nothing_new_makes_nobody(at):
    make_lead(email="ana@gmail.com", created_at=at, stage="mql")

    merge(
        at,
        {"email": "ana@gmail.com", "owner": "Ghost", "mql_at": at - DAY},
        {"email": "new@gmail.com", "owner": "Ghost", "created_at": at + DAY},
    )

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"company_external_id": "A1"}, "alfa"),
        ({"company_domain": "alfa.ro"}, "alfa"),
        ({"email": "new@alfa.ro"}, "alfa"),
        ({"company": "Alfa SRL"}, "alfa"),
        ({"company": "Alfa SRL", "company_domain": "other.ro"}, "new"),
        ({"company_domain": "alfa.ro", "company_external_id": "A2"}, "new"),
        ({"email": "new@gmail.com"}, None),
        ({"company": "Beta", "email": "new@alfa.ro"}, "alfa"),
        ({"company": "Beta", "company_domain": "gmail.com"}, "new"),
    ],
)
def test_how_a_company_is_found(at, row, found):
    alfa = make_company(
        name="Alfa SRL", domain="alfa.ro", external_system="crm", external_id="A1"
    )

    merge(at, {"external_id": "1", **row}, external_system="crm")

    company = Lead.objects.get().company
    if found is None:
        assert company is None
    else:
        assert (company == alfa) is (found == "alfa")
    assert Company.objects.count() == (2 if found == "new" else 1)


def test_a_company_that_was_guessed_is_filled_in(at):
    merge(at, {"email": "ana@alfa.ro"})

    outcome = merge(
        at,
        {
            "email": "ion@alfa.ro",
            "company": "Alfa SRL",
            "external_system": "crm",
            "company_external_id": "A1",
        },
    )

    company = Company.objects.get()
    assert (company.name, company.external_system, company.external_id) == (
        "Alfa SRL",
        "crm",
        "A1",
    )
    change = next(c for c in outcome.changes if c.subject == "leads.company")
    assert change.before == {
        "name": "alfa.ro",
        "external_id": "",
        "external_system": "",
    }


def test_an_address_alone_moves_nobody_to_another_company(at):
    beta = make_company(name="Beta", domain="beta.ro")
    lead = make_lead(email="ana@alfa.ro", company=beta)

    assert counts(merge(at, {"email": "ana@alfa.ro"})) == (0, 0, 1, [])
    lead.refresh_from_db()
    assert lead.company == beta


def test_a_lead_known_by_its_phone_only_is_found_again(at):
    rows = [{"phone": "+40722123456"}, {"phone": "+48601234567", "email": "a@b.ro"}]
    assert counts(merge(at, *rows)) == (2, 0, 0, [])

    again = merge(at, *rows, {"phone": "+48601234567", "source": "fair"})

    assert counts(again) == (0, 1, 2, [])


def test_a_merged_lead_stands_for_the_one_it_was_merged_into(at):
    into = make_lead(email="ana@alfa.ro", external_system="crm", external_id="1")
    merged = make_lead(email="ana@beta.ro", external_system="crm", external_id="2")
    Lead.objects.filter(pk=merged.pk).update(exclusion="merged", merged_into=into)

    outcome = merge(
        at,
        {"external_id": "2", "email": "ana@beta.ro", "source": "fair"},
        external_system="crm",
    )

    assert counts(outcome) == (0, 1, 0, [])
    into.refresh_from_db()
    assert (into.email, into.source) == ("ana@alfa.ro", "fair")


def test_a_withdrawn_lead_that_comes_again_counts_as_created(at):
    lead = make_lead(email="ana@gmail.com", source="search", created_at=at - 9 * DAY)
    StageChange.objects.filter(lead=lead).update(in_force=False)
    Lead.objects.filter(pk=lead.pk).update(exclusion="withdrawn")

    outcome = merge(
        at, {"email": "ana@gmail.com", "created_at": at - DAY, "stage": "mql"}
    )

    assert counts(outcome) == (1, 0, 0, [])
    again = Lead.objects.get()
    assert (again.pk, again.exclusion, again.source, again.stage) == (
        lead.pk,
        "",
        "",
        "mql",
    )
    assert again.created_at == again.first_mql_at == at - DAY
    assert StageChange.objects.filter(lead=lead, in_force=True).count() == 2


def test_what_people_did_with_a_withdrawn_lead_still_counts(at):
    lead = make_lead(email="ana@gmail.com", created_at=at - 9 * DAY, stage="mql")
    move(lead, "sal", at - 2 * DAY)
    withdrawn = StageChange.objects.filter(lead=lead, to_stage__in=["lead", "mql"])
    withdrawn.update(in_force=False)
    Lead.objects.filter(pk=lead.pk).update(exclusion="withdrawn")

    merge(at, {"email": "ana@gmail.com", "created_at": at - 9 * DAY, "stage": "mql"})

    again = Lead.objects.get()
    assert (again.stage, again.first_mql_at, again.first_sal_at) == (
        "sal",
        at - 9 * DAY,
        at - 2 * DAY,
    )


def test_notes_are_kept_apart_and_once(at, sally):
    row = {"email": "ana@gmail.com", "notes": "Met at the fair."}
    merge(at, row, by=sally)

    assert counts(merge(at, row, by=sally)) == (0, 0, 1, [])
    assert counts(merge(at, {**row, "notes": "Called."}, by=sally)) == (0, 1, 0, [])
    notes = Note.objects.order_by("pk").values_list("text", "written_by__name")
    assert list(notes) == [
        ("Met at the fair.", "Sally Sales"),
        ("Called.", "Sally Sales"),
    ]


def test_what_is_older_than_a_day_is_history_even_live(at):
    merge(
        at,
        {"email": "a@b.ro", "created_at": at - 25 * HOUR, "mql_at": at - HOUR},
        live=True,
    )
    merge(at, {"email": "c@b.ro", "created_at": at - HOUR, "stage": "mql"})

    rows = StageChange.objects.order_by("pk").values_list("history", flat=True)
    assert list(rows) == [True, False, True, True]


def test_the_number_of_statements_does_not_grow(at, count_queries):
    def rows(n, start=0):
        return [
            {
                "email": f"p{i}@c{i}.ro",
                "external_id": str(i),
                "owner": f"Owner {start} {i % 7}",
                "campaign": f"Campaign {start} {i % 5}",
                "company": f"Company {i}",
                "notes": f"Note {i}",
            }
            for i in range(start, start + n)
        ]

    def new(n, start):
        common = {"external_system": "crm", "created_at": at - DAY, "stage": "sql"}
        return count_queries(merge, at, *rows(n, start), **common)

    def known(n, start, **changed):
        return count_queries(
            merge, at, *rows(n, start), external_system="crm", **changed
        )

    first = new(1, 0)
    assert new(3, 10) == new(1_000, 100) == first
    moved = {"source": "fair", "customer_at": at - HOUR}
    assert known(1, 0) == known(3, 10) == known(1_000, 100)
    assert known(1, 0, **moved) == known(3, 10, **moved) == known(1_000, 100, **moved)
    assert Lead.objects.filter(stage="customer", source="fair").count() == 1_004


KEYS = st.sampled_from([None, "1", "2", "3"])
EMAILS = st.sampled_from([None, "a@alfa.ro", "b@alfa.ro", "c@gmail.com"])
DAYS_AGO = st.one_of(st.none(), st.integers(-1, 6))
ROWS = st.fixed_dictionaries(
    {
        "external_id": KEYS,
        "email": EMAILS,
        "phone": st.sampled_from([None, "+40722123456"]),
        "source": st.sampled_from([None, "x", "y"]),
        "owner": st.sampled_from([None, "Ghost", "Other"]),
        "company": st.sampled_from([None, "Alfa", "Beta"]),
        "company_external_id": st.sampled_from([None, "A"]),
        "stage": st.sampled_from([None, "lead", "mql", "sql", "recycled", "lost"]),
        "created_at": st.sampled_from([None, 6, 5]),
        "mql_at": DAYS_AGO,
        "sal_at": DAYS_AGO,
        "customer_at": DAYS_AGO,
    }
).filter(lambda row: row["external_id"] or row["email"] or row["phone"])


def everything_named():
    """As `everything`, with names in the place of ids."""
    names = [
        f.attname
        for f in Lead._meta.concrete_fields
        if f.name not in {"id", "company", "owner", "campaign"}
    ]
    whose = ("lead__email_folded", "lead__external_id", "lead__phone")
    of_change = (
        "round",
        "from_stage",
        "to_stage",
        "occurred_at",
        "implied",
        "in_force",
    )
    company = ("company__name", "company__domain", "company__external_id")
    return {
        "leads": sorted(
            map(str, Lead.objects.values_list(*names, *company, "owner__name"))
        ),
        "changes": sorted(
            map(
                str,
                StageChange.objects.values_list(
                    *whose, *of_change, "in_force", "owner__name"
                ),
            )
        ),
        "facts": sorted(
            (field, value if field == "source" else "")
            for field, value in AttributeChange.objects.values_list("field", "value")
        ),
        "companies": sorted(
            Company.objects.values_list("name", "domain", "external_id")
        ),
        # A company made and filled in by later rows of one file is made filled in.
        "events": sorted(
            Event.objects.filter(kind__startswith="leads.")
            .exclude(kind="leads.company.changed")
            .values_list("kind", flat=True)
        ),
    }


ALONE = dict.fromkeys(
    [
        *("external_id", "email", "phone", "source", "owner", "company"),
        *("company_external_id", "stage", "created_at", "mql_at", "sal_at"),
        "customer_at",
    ]
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(ROWS, max_size=7))
# A row that waits for its lead says what the company of the next row is.
@example(
    rows=[
        ALONE | {"external_id": "1", "company": "Alfa"},
        ALONE | {"external_id": "1", "company": "Alfa", "company_external_id": "A"},
        ALONE | {"external_id": "2", "company_external_id": "A"},
    ]
)
# Of two companies that come to have one name, the one made first is meant.
@example(
    rows=[
        ALONE | {"email": "a@alfa.ro"},
        ALONE | {"external_id": "1", "company": "Alfa"},
        ALONE | {"email": "b@alfa.ro", "company": "Alfa"},
        ALONE | {"external_id": "2", "company": "Alfa", "company_external_id": "A"},
        ALONE | {"external_id": "3", "company": "Alfa"},
    ]
)
def test_rows_are_taken_as_if_loaded_one_after_the_other(at, rows):
    moments = ("created_at", "mql_at", "sal_at", "customer_at")
    rows = [
        {
            name: at - value * DAY if name in moments and value is not None else value
            for name, value in row.items()
        }
        for row in rows
    ]
    answers = {}

    def at_once():
        answers["at once"] = counts(merge(at, *rows, external_system="crm"))

    def one_by_one():
        each = [counts(merge(at, row, external_system="crm")) for row in rows]
        refused = [(i, t, c) for i, one in enumerate(each) for _, t, c in one[3]]
        sums = [sum(one[n] for one in each) for n in range(3)]
        answers["one by one"] = (*sums, refused)

    together = seen(everything_named, at_once)
    assert together == seen(everything_named, one_by_one)
    assert answers["at once"] == answers["one by one"]
