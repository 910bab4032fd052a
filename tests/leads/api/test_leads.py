import itertools

import pytest

from campaigns.models import Campaign
from foundation.accounts.actions import tokens
from foundation.accounts.enums import Role
from foundation.accounts.rules import SCOPES
from foundation.kernel import clock
from foundation.ledger.models import Event
from leads.models import Company, Lead, StageChange, Touchpoint
from tests.factories.accounts import make_user
from tests.factories.leads import make_company, make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client, mark):
    """Call the API as marketing, signed in by browser."""
    client.force_login(mark)

    def call(method, path, body=None, **headers):
        return getattr(client, method)(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    return call


@pytest.fixture
def as_role(client):
    """Let somebody of a role call from now on; programs do so with a token."""

    def become(role):
        if role != Role.INTEGRATION:
            client.force_login(make_user(role))
            return
        client.logout()
        program, now = make_user(role, is_active=False), clock.now()
        scopes = set(SCOPES.values())
        _, text = tokens.create(
            owner=program, name="all", scopes=scopes, by=None, at=now
        )
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"

    return become


def test_a_lead_is_created_and_read(api, mark):
    answer = api("post", "leads/", {"email": "Ana@Example.com ", "source": "webinar"})

    assert answer.status_code == 201
    lead = Lead.objects.get()
    assert (lead.email, lead.email_folded, lead.source, lead.stage) == (
        "Ana@Example.com",
        "ana@example.com",
        "webinar",
        "lead",
    )
    assert api("get", f"leads/{lead.pk}/").json() == answer.json()
    assert answer.json()["mql_at"] is None
    change = StageChange.objects.get()
    assert (change.actor, change.cause, change.history) == (mark, "created", False)


def test_a_lead_can_arrive_as_mql(api):
    body = {
        "external_system": "crm",
        "external_id": "7",
        "created_at": "2026-03-02T10:00:00+02:00",
        "stage": "mql",
        "stage_at": "2026-03-02T12:00:00+02:00",
    }

    assert api("post", "leads/", body).json()["mql_at"] == "2026-03-02T10:00:00Z"


@pytest.mark.parametrize(
    ("body", "status", "pointer", "code"),
    [
        ({}, 422, "/email", "nobody_identified"),
        ({"email": "x"}, 400, "/email", "invalid"),
        ({"email": "a@b.co", "nonsense": 1}, 400, "/nonsense", "unknown_field"),
        ({"email": "a@b.co", "stage": "customer"}, 400, "/stage", "invalid_choice"),
        (
            {"email": "a@b.co", "created_at": "2026-03-02T10:00:00"},
            400,
            "/created_at",
            "no_offset",
        ),
    ],
)
def test_wrong_bodies_name_the_place(api, body, status, pointer, code):
    answer = api("post", "leads/", body)

    assert (answer.status_code, answer["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    error = answer.json()["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert Lead.objects.count() == 0


def test_a_known_address_is_refused(api):
    make_lead(email="ana@example.com")

    answer = api("post", "leads/", {"email": "ANA@example.com"})

    assert (answer.status_code, answer.json()["code"]) == (
        409,
        "already_known",
    )


def test_upsert_by_external_id(api):
    path = "leads/by-external-id/crm/A 1/"

    first = api("put", path, {"source": "fair"})
    second = api("put", path, {"source": "webinar", "first_name": "Ion"})

    assert (first.status_code, second.status_code) == (201, 200)
    lead = Lead.objects.get()
    assert (lead.external_id, lead.source, lead.first_name) == ("A 1", "webinar", "Ion")
    assert api("get", path).json()["id"] == lead.pk


def put(api, body, number="7"):
    """Upsert by external id; return status, pointers with codes, and the answer."""
    answer = api("put", f"leads/by-external-id/crm/{number}/", body)
    errors = answer.json().get("errors", [])
    faults = [(e["pointer"], e["code"]) for e in errors]
    return answer.status_code, faults, answer.json()


def test_upsert_finds_a_lead_by_its_address_and_gives_it_the_id(api):
    lead = make_lead(email="ana@gmail.com", source="fair")

    status, _, body = put(api, {"email": "Ana@gmail.com ", "source": "webinar"})

    assert (status, body["id"], body["external_id"]) == (200, lead.pk, "7")
    again = put(api, {"email": "Ana@gmail.com", "source": "webinar"})
    assert (again[0], again[2]) == (200, body)
    row = Lead.objects.get()
    assert (row.external_system, row.external_id, row.source) == ("crm", "7", "webinar")


def test_upsert_keeps_the_id_that_another_system_gave(api):
    lead = make_lead(email="a@gmail.com", external_system="shop", external_id="1")

    status, _, body = put(api, {"email": "a@gmail.com", "first_name": "Eva"})

    assert (status, body["id"], body["external_system"], body["first_name"]) == (
        200,
        lead.pk,
        "shop",
        "Eva",
    )


@pytest.mark.parametrize("other", ["8", ""])
def test_upsert_refuses_what_names_two_leads(api, other):
    """By our id one person, by the address another: nobody is overwritten."""
    if other:
        make_lead(email="a@gmail.com", external_system="crm", external_id=other)
    else:
        make_lead(email="a@gmail.com")
        make_lead(email="b@gmail.com", external_system="crm", external_id="7")

    told = put(api, {"email": "a@gmail.com", "first_name": "Eva"})[:2]

    assert told == (409, [("/email", "identity_conflict")])
    assert set(Lead.objects.values_list("first_name", flat=True)) == {"Ana"}


def test_upsert_refuses_to_pass_over_what_only_creation_says(api):
    born = {"created_at": "2026-03-02T10:00:00+02:00"}
    mql = {**born, "stage": "mql", "stage_at": "2026-03-03T10:00:00+02:00"}

    assert [put(api, body)[0] for body in (mql, mql, {})] == [201, 200, 200]
    for name, value in [
        ("created_at", "2026-03-01T10:00:00Z"),
        ("stage", "lead"),
        ("stage_at", "2026-03-04T10:00:00Z"),
    ]:
        told = put(api, {name: value, "first_name": "Eva"})[:2]
        assert told == (422, [(f"/{name}", "told_at_creation")])
    assert Lead.objects.get().first_name == ""


@pytest.mark.parametrize(
    ("number", "body", "fault"),
    [
        ("7", {"external_id": "8"}, ("/external_id", "other_address")),
        ("7", {"external_system": "shop"}, ("/external_system", "other_address")),
        ("7" * 121, {}, ("/external_id", "max_length")),
    ],
)
def test_upsert_writes_to_the_id_of_its_address_only(api, number, body, fault):
    assert put(api, body, number)[:2] == (400, [fault])
    assert put(api, {"external_system": "crm", "external_id": "7"})[0] == 201


def test_upsert_gives_owners_as_a_change_does(api, client, sally):
    """A rep took somebody else's lead by naming themselves."""
    lead = make_lead(
        owner_id=make_user(Role.SALES_REP).pk, external_system="crm", external_id="7"
    )
    client.force_login(sally)

    assert put(api, {"owner": sally.pk})[2]["code"] == "not_yours"
    assert Lead.objects.get().owner_id == lead.owner_id


def test_changing_somebody_elses_address_is_a_conflict(api):
    make_lead(email="one@example.com")
    two = make_lead(email="two@example.com")

    answer = api("patch", f"leads/{two.pk}/", {"email": "One@example.com"})

    assert answer.json()["code"] == "identity_conflict"
    two.refresh_from_db()
    assert two.email == "two@example.com"


@pytest.mark.parametrize(
    ("known_by", "sent", "status"),
    [
        ({"email": "one@example.com"}, {"email": ""}, 422),
        ({"email": "", "phone": "+40712345678"}, {"phone": ""}, 422),
        ({"email": "one@example.com"}, {"email": "", "phone": "+40712345678"}, 200),
        ({"external_id": "7"}, {"email": ""}, 200),
    ],
)
def test_a_lead_stays_known_by_something(api, known_by, sent, status):
    lead = make_lead(**known_by)

    answer = api("patch", f"leads/{lead.pk}/", sent)

    assert answer.status_code == status
    if status == 422:
        place = f"/{next(iter(sent))}"
        told = [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
        assert told == [(place, "nobody_identified")]
    lead.refresh_from_db()
    assert lead.email == (known_by.get("email", lead.email) if status == 422 else "")


def test_a_change_is_made_whole_or_not_at_all(api, client):
    """Else the lead would have another owner after an answer of 409."""
    client.force_login(make_user(Role.REVENUE_OPERATIONS))
    make_lead(email="one@example.com")
    two, rep = make_lead(email="two@example.com"), make_user(Role.SALES_REP)

    sent = {"owner": rep.pk, "email": "one@example.com"}
    answer = api("patch", f"leads/{two.pk}/", sent)

    assert answer.json()["code"] == "identity_conflict"
    two.refresh_from_db()
    assert (two.owner_id, two.email) == (None, "two@example.com")


def test_lists_are_filtered_and_searched(api, at):
    company = Company.objects.create(name="Carpatia", created_at=at)
    one = make_lead(source="fair", stage="mql", company_id=company.pk)
    two = make_lead(source="", last_name="Nowak")

    def ids(query):
        return [row["id"] for row in api("get", f"leads/?{query}").json()["results"]]

    assert ids("") == [two.pk, one.pk]
    assert ids("stage=mql") == [one.pk]
    assert ids("source=") == [two.pk]
    assert ids("search=carp") == [one.pk]
    assert ids("search=nowa") == [two.pk]
    assert ids("mql_at_after=2026-03-02T08:00:00Z") == [one.pk]
    assert ids("mql_at_before=2026-03-02T08:00:00Z") == []
    assert ids("ordering=created_at&page_size=1") == [one.pk]
    assert api("get", "leads/?nonsense=1").status_code == 400


def test_the_list_has_a_constant_number_of_statements(api, count_queries):
    def show():
        make_lead()
        return count_queries(api, "get", "leads/")

    assert len({show() for _ in range(3)}) == 1


def test_a_batch_answers_for_each_item(api):
    make_lead(email="known@example.com")
    items = [
        {"email": "new@example.com", "stage": "mql"},
        {"email": "known@example.com"},
        {"email": "new@example.com"},
        {"email": "nonsense"},
        {},
    ]

    results = api("post", "leads/batch/", {"items": items}).json()["results"]

    assert [(r["index"], r["status"]) for r in results] == [
        (0, 201),
        (1, 200),
        (2, 422),
        (3, 422),
        (4, 422),
    ]
    assert results[3]["errors"][0]["pointer"] == "/items/3/email"
    assert results[0]["id"] == Lead.objects.get(email_folded="new@example.com").pk
    assert Lead.objects.count() == 2


def test_an_atomic_batch_is_all_or_nothing(api):
    items = [{"email": "new@example.com"}, {}]

    answer = api("post", "leads/batch/?atomic=true", {"items": items})

    assert answer.status_code == 422
    codes = [r["errors"][0]["code"] for r in answer.json()["results"]]
    assert codes == ["left", "nobody_identified"]
    assert Lead.objects.count() == 0


def test_a_batch_has_a_constant_number_of_statements(api, count_queries):
    new = itertools.count()

    def send(n):
        items = [
            {"email": f"{next(new)}@example.com", "stage": "mql"} for _ in range(n)
        ]
        return count_queries(api, "post", "leads/batch/", {"items": items})

    # The first makes the company that the addresses name.
    assert send(2) == send(1) + 1
    # A worker qualifies those of a large batch.
    assert send(1) == send(3) == send(500)


def test_touches_are_logged_and_listed(api, mark):
    lead = make_lead(external_system="crm", external_id="7")
    body = {
        "lead_external_system": "crm",
        "lead_external_id": "7",
        "occurred_at": "2026-03-02T10:00:00+02:00",
        "channel": "email",
        "type": "email",
        "direction": "outbound",
        "cost": {"amount": "1.50", "currency": "RON"},
    }

    answer = api("post", "touchpoints/", body)

    assert answer.status_code == 201
    row = Touchpoint.objects.get()
    assert (row.lead, row.team, row.actor, row.currency) == (
        lead,
        "marketing",
        mark,
        "RON",
    )
    listed = api("get", f"touchpoints/?lead={lead.pk}").json()["results"]
    assert listed == [answer.json()]
    assert listed[0]["cost"] == {"amount": "1.50", "currency": "RON"}


def test_a_touch_of_an_unknown_lead_is_refused(api):
    body = {"lead": 7, "channel": "email", "type": "email", "direction": "outbound"}

    answer = api("post", "touchpoints/", body)

    assert answer.json()["code"] == "unknown_lead"


def test_a_batch_of_touches(api):
    lead = make_lead()
    touch = {
        "lead": lead.pk,
        "channel": "email",
        "type": "click",
        "direction": "inbound",
    }
    items = [
        {**touch, "external_id": "1"},
        {**touch, "external_id": "1"},
        {**touch, "lead": 0},
    ]

    results = api("post", "touchpoints/batch/", {"items": items}).json()["results"]

    assert [r["status"] for r in results] == [201, 200, 422]
    assert Touchpoint.objects.count() == 1


def test_stage_changes_are_told_listed_and_withdrawn(api, client):
    lead = make_lead()
    body = {"lead": lead.pk, "to_stage": "mql", "reason": "known_account"}

    told = api("post", "stage-changes/", body)

    assert (told.status_code, told.json()["cause"]) == (201, "hand")
    assert api("get", f"stage-changes/{told.json()['id']}/").json() == told.json()
    client.force_login(make_user(Role.HEAD_OF_MARKETING))
    back = api(
        "post",
        f"stage-changes/{told.json()['id']}/withdrawal/",
        {"reason": "entered_by_mistake"},
    )
    assert (back.status_code, back.json()["corrects"]) == (201, told.json()["id"])
    lead.refresh_from_db()
    assert lead.stage == "lead"
    listed = api("get", f"stage-changes/?lead={lead.pk}&in_force=true").json()
    assert [row["to_stage"] for row in listed["results"]] == ["mql", "lead"]


def test_people_need_a_reason_to_qualify_by_hand(api):
    lead = make_lead()

    answer = api("post", "stage-changes/", {"lead": lead.pk, "to_stage": "mql"})

    assert answer.json()["code"] == "reason_required"


def test_a_rep_does_not_give_leads_away(api, client, sally):
    client.force_login(sally)
    other = make_user()

    answer = api("post", "leads/", {"email": "a@b.co", "owner": other.pk})

    assert (answer.status_code, answer.json()["code"]) == (
        403,
        "may_not_assign",
    )


@pytest.mark.parametrize("name", ["campaign", "company", "owner"])
@pytest.mark.parametrize("number", [0, 987_654, 2**70])
def test_a_number_that_names_nothing_is_refused(api, name, number):
    """Not a failure of ours: it said 500 to whoever mistyped an id."""
    lead = make_lead(email="one@example.com")
    sent = {"email": "two@example.com", name: number}

    answers = [
        api("post", "leads/", sent),
        api("patch", f"leads/{lead.pk}/", sent),
        api("put", "leads/by-external-id/crm/1/", sent),
    ]

    for each in answers:
        told = [(e["pointer"], e["code"]) for e in each.json()["errors"]]
        assert (each.status_code, told) == (
            422,
            [(f"/{name}", "unknown_reference")],
        )
    assert list(Lead.objects.values_list("email", flat=True)) == ["one@example.com"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.SALES_REP, 403),
        (Role.MARKETER, 200),
        (Role.HEAD_OF_SALES, 200),
        (Role.REVENUE_OPERATIONS, 200),
        (Role.INTEGRATION, 200),
    ],
)
def test_reps_change_their_own_leads_and_nobodys(api, as_role, role, status):
    """do_not_contact cancels clocks: those of others are not a rep's to stop."""
    as_role(role)
    other = make_user(Role.SALES_REP)
    hers, nobodys = make_lead(owner_id=other.pk), make_lead()
    hers.external_system, hers.external_id = "crm", "7"
    hers.save(update_fields=["external_system", "external_id"])
    sent = {"do_not_contact": True, "exclusion": "spam"}

    changed = api("patch", f"leads/{hers.pk}/", sent)
    put = api("put", "leads/by-external-id/crm/7/", {"first_name": "Eva"})
    free = api("patch", f"leads/{nobodys.pk}/", sent)

    assert (changed.status_code, put.status_code, free.status_code) == (
        status,
        status,
        200,
    )
    hers.refresh_from_db()
    told = (hers.do_not_contact, hers.exclusion, hers.first_name)
    assert told == ((True, "spam", "Eva") if status == 200 else (False, "", "Ana"))
    if status == 403:
        assert {changed.json()["code"], put.json()["code"]} == {"not_yours"}


def test_a_rep_does_not_qualify_somebody_elses_lead(api, client, sally):
    hers = make_lead(owner_id=make_user(Role.SALES_REP).pk)
    body = {"lead": hers.pk, "to_stage": "mql", "reason": "known_account"}

    client.force_login(sally)
    refused = api("post", "stage-changes/", body)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    hers.refresh_from_db()
    assert hers.stage == "lead"


TOUCH = {"channel": "phone", "type": "call", "direction": "outbound"}


@pytest.mark.parametrize(
    ("role", "told", "place", "code"),
    [
        (Role.SALES_REP, {"team": "sales", "proof": "calendar"}, "", ""),
        (Role.SALES_REP, {"team": "marketing"}, "/team", "not_your_team"),
        (Role.MARKETER, {"team": "sales"}, "/team", "not_your_team"),
        (Role.HEAD_OF_SALES, {"team": "marketing"}, "/team", "not_your_team"),
        (Role.SALES_REP, {"proof": "call_record"}, "/proof", "not_your_proof"),
        (Role.REVENUE_OPERATIONS, {"team": "sales"}, "", ""),
        (Role.REVENUE_OPERATIONS, {"proof": "system"}, "/proof", "not_your_proof"),
        (Role.INTEGRATION, {"team": "sales", "proof": "email_id"}, "", ""),
    ],
)
def test_a_touch_says_no_more_than_its_teller_knows(
    api, as_role, role, told, place, code
):
    as_role(role)
    sent = {**TOUCH, **told, "lead": make_lead().pk}

    one = api("post", "touchpoints/", sent)
    many = api("post", "touchpoints/batch/", {"items": [sent, {**sent, "lead": 7}]})

    found = [(e["pointer"], e["code"]) for e in one.json().get("errors", [])]
    assert (one.status_code, found) == ((403, [(place, code)]) if code else (201, []))
    first = many.json()["results"][0]
    codes = [(e["pointer"], e["code"]) for e in first["errors"]]
    expected = (422, [(f"/items/0{place}", code)]) if code else (201, [])
    assert (first["status"], codes) == expected
    rows = list(Touchpoint.objects.values_list("team", "proof"))
    row = (told.get("team", "sales"), told.get("proof", "self_reported"))
    assert rows == ([] if code else [row, row])


def test_a_touch_without_a_team_is_the_callers(api, client, sally):
    client.force_login(sally)

    answer = api("post", "touchpoints/", {**TOUCH, "team": "", "lead": make_lead().pk})

    assert (answer.status_code, answer.json()["team"]) == (201, "sales")


def _told(answer):
    """Return status and errors (place and code) of each item."""
    return [
        (row["status"], [(e["pointer"], e["code"]) for e in row["errors"]])
        for row in answer.json()["results"]
    ]


def test_a_bad_reference_does_not_sink_the_batch(api, client, sally):
    """One mistyped number, and a night's load of a thousand was refused."""
    client.force_login(make_user(Role.REVENUE_OPERATIONS))
    company, mark = make_company(), make_user(Role.MARKETER)
    told = [
        {"company": company.pk, "owner": sally.pk},
        {"campaign": 987_654},
        {"company": 2**70},
        {"owner": 0},
        {"owner": mark.pk},
        {"email": ""},
        {},
    ]
    items = [{"email": f"{n}@example.com", **one} for n, one in enumerate(told)]

    answer = api("post", "leads/batch/", {"items": items})

    assert (answer.status_code, _told(answer)) == (
        200,
        [
            (201, []),
            (422, [("/items/1/campaign", "unknown_reference")]),
            (422, [("/items/2/company", "unknown_reference")]),
            (422, [("/items/3/owner", "unknown_reference")]),
            (422, [("/items/4/owner", "no_owner")]),
            (422, [("/items/5/email", "nobody_identified")]),
            (201, []),
        ],
    )
    rows = Lead.objects.order_by("pk").values_list("email", "owner", "company")
    assert next(iter(rows)) == ("0@example.com", sally.pk, company.pk)
    assert [row[0] for row in rows] == ["0@example.com", "6@example.com"]


def test_a_rep_gives_nobody_a_lead_by_batch(api, client, sally):
    client.force_login(sally)
    other = make_user(Role.SALES_REP)
    items = [
        {"email": "a@example.com", "owner": sally.pk},
        {"email": "b@example.com", "owner": other.pk},
    ]

    answer = api("post", "leads/batch/", {"items": items})

    refused = (422, [("/items/1", "may_not_assign")])
    assert _told(answer) == [(201, []), refused]


def test_a_bad_reference_does_not_sink_the_touches(api):
    lead = make_lead()
    told: list[dict[str, object]] = [{}, {"campaign": 7}, {"lead": 2**70}]
    told += [{"cost": BIG}, {"team": "sales"}]
    items = [{**TOUCH, "lead": lead.pk, **one} for one in told]

    answer = api("post", "touchpoints/batch/", {"items": items})

    assert (answer.status_code, _told(answer)) == (
        200,
        [
            (201, []),
            (422, [("/items/1/campaign", "unknown_reference")]),
            (422, [("/items/2/lead", "unknown_lead")]),
            (422, [("/items/3/cost/amount", "max_value")]),
            (422, [("/items/4/team", "not_your_team")]),
        ],
    )
    assert Touchpoint.objects.count() == 1


BIG = {"amount": "99999999999.00", "currency": "EUR"}


@pytest.mark.parametrize("path", ["leads", "touchpoints"])
def test_references_are_looked_up_once_a_batch(api, count_queries, client, at, path):
    client.force_login(make_user(Role.REVENUE_OPERATIONS))
    campaign = Campaign.objects.create(name="Fair", created_at=at)
    company, sally, lead = make_company(), make_user(Role.SALES_REP), make_lead()
    shared: dict[str, object] = {"campaign": campaign.pk}
    if path == "leads":
        shared |= {"company": company.pk, "owner": sally.pk}
    else:
        shared |= {**TOUCH, "lead": lead.pk, "team": "sales"}

    def send(n):
        own = [
            {"email": f"{n}-{i}@gmail.com"} if path == "leads" else {} for i in range(n)
        ]
        items = [{**shared, **one} for one in own]
        return count_queries(api, "post", f"{path}/batch/", {"items": items})

    assert send(1) == send(3) == send(20) == send(300)


def test_a_lead_withdrawn_with_its_load_is_not_there(api, client, mark):
    """The load was undone: it was in lists and totals of programs all the same."""
    gone = make_lead(external_system="crm", external_id="7", exclusion="withdrawn")
    merged = make_lead()
    kept = make_lead(external_system="crm", external_id="8")
    Lead.objects.filter(pk=merged.pk).update(exclusion="merged", merged_into=kept)
    by_id = {"lead_external_system": "crm", "lead_external_id": "7"}

    def ids(query=""):
        return [row["id"] for row in api("get", f"leads/{query}").json()["results"]]

    assert ids() == [kept.pk, merged.pk]
    assert ids("?exclusion=withdrawn") == []
    assert ids("?external_id=7") == []
    calls = [
        api("get", f"leads/{gone.pk}/"),
        api("patch", f"leads/{gone.pk}/", {"source": "x"}),
        api("get", "leads/by-external-id/crm/7/"),
        client.get(f"/leads/{gone.pk}/"),
    ]
    assert [each.status_code for each in calls] == [404] * 4
    refused = [
        api("post", "touchpoints/", {**TOUCH, "lead": gone.pk}),
        api("post", "touchpoints/", {**TOUCH, **by_id}),
        api("post", "stage-changes/", {"lead": gone.pk, "to_stage": "mql"}),
    ]
    assert {each.json()["code"] for each in refused} == {"unknown_lead"}
    assert put(api, {"first_name": "Eva"})[0] == 201
    gone.refresh_from_db()
    assert (gone.external_id, gone.source) == ("", "")


def test_leads_get_the_company_of_their_address(api, at):
    """As those of a file do; a free-mail address says nothing of a company."""
    known = make_company(name="Carpatia", domain="carpatia.ro")
    back = make_company(name="Back", domain="back.pl", withdrawn_at=at)
    told = make_company(name="Told")
    items = [
        {"email": "a@Carpatia.ro"},
        {"email": "b@back.pl"},
        {"email": "c@new.pl"},
        {"email": "d@new.pl"},
        {"email": "e@gmail.com"},
        {"email": "f@new.pl", "company": told.pk},
        {"phone": "+40712345678"},
    ]

    api("post", "leads/batch/", {"items": items})
    one = api("post", "leads/", {"email": "g@new.pl"}).json()

    new = Company.objects.get(domain="new.pl")
    companies = list(Lead.objects.order_by("pk").values_list("company_id", flat=True))
    expected = [known.pk, back.pk, new.pk, new.pk, None, told.pk, None, new.pk]
    assert companies == expected
    assert (one["company"], new.name) == (new.pk, "new.pl")
    assert Company.objects.count() == 4
    back.refresh_from_db()
    assert back.withdrawn_at is None
    made = Event.objects.filter(kind="leads.company.created").order_by("subject_id")
    assert [event.subject_id for event in made] == [back.pk, new.pk]


def test_a_known_company_takes_one_statement_and_a_new_one_two(api, count_queries):
    make_company(domain="carpatia.ro")

    def send(*emails):
        if len(emails) == 1:
            return count_queries(api, "post", "leads/", {"email": emails[0]})
        items = [{"email": email} for email in emails]
        return count_queries(api, "post", "leads/batch/", {"items": items})

    free = send("a@gmail.com")
    assert send("b@carpatia.ro") == free + 1
    assert send("c@new.pl") == free + 2
    few = send("d@carpatia.ro", "e@one.pl")
    assert few == send(*(f"f@two{n}.pl" for n in range(40)))


def test_a_lead_entered_on_the_page_gets_its_company(client, mark):
    client.force_login(mark)

    client.post("/leads/new/", {"email": "ana@carpatia.ro"})

    assert Lead.objects.get().company.domain == "carpatia.ro"  # type: ignore[union-attr]
