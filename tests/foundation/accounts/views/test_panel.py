"""The leadership panel: what it shows, and that it only calls actions."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.formats import date_format

from foundation.accounts.actions import invitations, people, tokens
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.enums import Function, Role
from foundation.accounts.forms import TokenForm
from foundation.accounts.models import Invitation, Team, User
from foundation.accounts.panel import ReadOnlyPage, pages
from foundation.accounts.queries import workspace
from foundation.jobs.actions import schedule
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.ledger import actions as ledger
from foundation.ledger.models import Entry, Event
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(client, lena):
    client.force_login(lena)

    def call(path, sent=None):
        if sent is None:
            return client.get(f"/admin/{path}")
        return client.post(f"/admin/{path}", sent)

    return call


def rows(answer):
    assert answer.status_code == 200
    return [[str(cell.value) for cell in row] for row in answer.context_data["rows"]]


def firsts(answer):
    return [row[0] for row in rows(answer)]


def acts(answer):
    return [act.name for act in answer.context_data["acts"]]


def test_to_others_it_does_not_exist(client, sally):
    """Not even a sign-in of its own."""
    pages = ["", "accounts/user/", "login/", "logout/", "nothing/", "jsi18n/"]
    for prepare in (lambda: None, lambda: client.force_login(sally)):
        prepare()
        assert {client.get(f"/admin/{page}").status_code for page in pages} == {404}


def test_only_our_own_pages_are_in_it(panel):
    """Packages bring pages along that would write behind the actions' backs."""
    pages = admin.site._registry.values()  # noqa: SLF001 -- there is no other list

    assert [page for page in pages if not isinstance(page, ReadOnlyPage)] == []
    index = panel("")
    names = [
        page["name"] for g in index.context_data["app_list"] for page in g["models"]
    ]
    assert {"People", "Teams", "Settings", "Ledger", "Events", "Work"} <= set(names)
    assert "Groups" not in names


def test_people_are_found_and_narrowed(panel, lena):
    team = make_team(name="East")
    make_user(Role.SALES_REP, name="Ana", team=team)
    make_user(Role.MARKETER, name="Żaneta")
    make_user(Role.SALES_REP, name="Dan", is_active=False)

    assert firsts(panel("accounts/user/")) == ["Ana", "Dan", "Lena Leader", "Żaneta"]
    assert firsts(panel("accounts/user/?q=żan")) == ["Żaneta"]
    assert firsts(panel("accounts/user/?role=sales_rep")) == ["Ana", "Dan"]
    assert firsts(panel("accounts/user/?role=sales_rep&active=0")) == ["Dan"]
    assert firsts(panel("accounts/user/?role=king")) == []
    assert firsts(panel("accounts/user/?o=-1")) == [
        "Żaneta",
        "Lena Leader",
        "Dan",
        "Ana",
    ]
    assert "East" in rows(panel("accounts/user/"))[0]


@pytest.mark.parametrize(
    "path",
    [
        *("accounts/user/", "accounts/team/", "accounts/invitation/"),
        *("accounts/apitoken/", "ledger/entry/", "ledger/event/", "jobs/job/"),
    ],
)
def test_lists_cost_the_same_at_any_length(panel, lena, at, path):
    costs = []
    for number in range(3):
        person = make_user(team=make_team())
        tokens.create(owner=person, name="t", scopes=["me:read"], by=lena, at=at)
        guest = Guest(f"g{number}@x.ro", "G", Role.SALES_REP, make_team())
        invitations.invite(guest, by=person, at=at)
        with CaptureQueriesContext(connection) as seen:
            assert len(rows(panel(path))) >= number + 1
        costs.append(len(seen))

    assert costs == costs[:1] * 3


def test_somebody_is_invited(panel, lena):
    team = make_team(Function.MARKETING)
    sent = {
        "email": "Ana@x.ro",
        "name": "Ana",
        "role": "marketer",
        "team": team.pk,
        "language": "ro",
    }

    answer = panel("accounts/user/do/invite/", sent)

    assert answer["Location"] == "/admin/accounts/user/"
    row = Invitation.objects.get()
    assert (row.email, row.role, row.team, row.language, row.invited_by) == (
        "ana@x.ro",
        "marketer",
        team,
        "ro",
        lena,
    )
    assert "An invitation goes to ana@x.ro." in panel("accounts/user/").text


def test_a_refusal_stands_beside_its_field(panel, sally):
    sent = {"email": sally.email, "name": "S", "role": "admin", "language": "en"}
    answer = panel("accounts/user/do/invite/", sent)
    assert answer.status_code == 422
    assert list(answer.context_data["form"].errors) == ["email"]

    sent |= {"email": "x@x.ro", "team": make_team(Function.SALES).pk}
    answer = panel("accounts/user/do/invite/", sent)
    assert list(answer.context_data["form"].errors) == ["team"]
    assert Invitation.objects.count() == 0


def test_role_team_and_standing_change_through_the_actions(panel, sally, lena):
    team = make_team(Function.MARKETING)
    browser = Client()
    browser.force_login(sally)
    here = f"accounts/user/{sally.pk}/"
    assert acts(panel(here)) == [
        "role",
        "team",
        "take-leads",
        "end-sessions",
        "disable",
    ]

    for act, sent in [
        ("role", {"role": "marketer"}),
        ("team", {"team": team.pk}),
        ("take-leads", {}),
        ("leave-leads", {}),
        ("end-sessions", {}),
        ("disable", {}),
        ("enable", {}),
    ]:
        assert panel(f"{here}do/{act}/").status_code == 200
        answer = panel(f"{here}do/{act}/", sent)
        assert (act, answer.headers.get("Location")) == (act, f"/admin/{here}")

    sally.refresh_from_db()
    assert (sally.role, sally.team, sally.is_active) == ("marketer", team, True)
    assert browser.get("/account/").status_code == 302
    assert [
        (event.kind, event.entry.actor)
        for event in Event.objects.order_by("pk").select_related("entry__actor")
    ] == [
        (f"accounts.{kind}", lena)
        for kind in (
            *("person.role_changed", "person.team_changed"),
            *("person.takes_leads_changed", "person.takes_leads_changed"),
            *("sessions.ended", "person.disabled", "person.enabled"),
        )
    ]


def test_somebody_known_from_records_is_invited_with_them(panel, at):
    [pk] = people.resolve_owners(["4b1c"], by=None, at=at).values()
    here = f"accounts/user/{pk}/"
    assert acts(panel(here)) == ["let-in", "role", "team"]

    sent = {"email": "a@x.ro", "name": "Ana", "role": "sales_rep", "language": "en"}
    panel(f"{here}do/let-in/", sent)

    assert Invitation.objects.get().person_id == pk


def test_leadership_cannot_shut_itself_out(panel, lena):
    answer = panel(f"accounts/user/{lena.pk}/do/disable/", {})

    assert answer.status_code == 422
    assert answer.context_data["form"].non_field_errors() == [
        "Somebody else has to change this for you."
    ]
    lena.refresh_from_db()
    assert lena.is_active


def test_an_invitation_is_withdrawn_and_a_token_revoked(panel, lena, at):
    row = invitations.invite(Guest("a@x.ro", "A", Role.ADMIN), by=lena, at=at)
    token, _ = tokens.create(owner=lena, name="t", scopes=[], by=lena, at=at)

    panel(f"accounts/invitation/{row.pk}/do/withdraw/", {})
    panel(f"accounts/apitoken/{token.pk}/do/revoke/", {})

    row.refresh_from_db()
    token.refresh_from_db()
    assert row.withdrawn_at is not None
    assert token.revoked_at is not None
    assert acts(panel(f"accounts/invitation/{row.pk}/")) == []
    assert acts(panel(f"accounts/apitoken/{token.pk}/")) == []
    assert token.digest not in panel(f"accounts/apitoken/{token.pk}/").text


def test_teams_are_made_and_changed(panel):
    sent = {
        "name": "East",
        "function": "sales",
        "time_zone": "Europe/Warsaw",
        "country": "PL",
    }
    panel("accounts/team/do/new/", sent)
    team = Team.objects.get()
    make_user(team=team)
    make_user(team=team, is_active=False)
    assert rows(panel("accounts/team/")) == [
        ["East", "Sales", "Europe/Warsaw", "Poland", people_of(team)]
    ]

    answer = panel(f"accounts/team/{team.pk}/do/change/", sent | {"time_zone": "Mars"})
    assert list(answer.context_data["form"].errors) == ["time_zone"]
    answer = panel(
        f"accounts/team/{team.pk}/do/change/", sent | {"function": "marketing"}
    )
    assert answer.status_code == 422
    panel(f"accounts/team/{team.pk}/do/change/", sent | {"name": "West"})
    team.refresh_from_db()
    assert (team.name, team.function) == ("West", "sales")


def test_settings_change_through_the_action(panel, lena):
    assert "Europe/Bucharest" in panel("accounts/workspace/").text
    form = panel("accounts/workspace/do/change/").context_data["form"]
    sent = {
        name: form.get_initial_for_field(f, name) for name, f in form.fields.items()
    }
    sent |= {"time_zone": "Europe/Warsaw", "gross_margin": "0.75", "languages": ["en"]}

    answer = panel("accounts/workspace/do/change/", sent)

    assert answer["Location"] == "/admin/accounts/workspace/"
    row = workspace.current()
    assert (row.time_zone, str(row.gross_margin), row.languages) == (
        "Europe/Warsaw",
        "0.7500",
        ["en"],
    )
    assert set(Event.objects.get().payload) == {
        "time_zone",
        "gross_margin",
        "languages",
    }
    answer = panel("accounts/workspace/do/change/", sent | {"gross_margin": "2"})
    assert list(answer.context_data["form"].errors) == ["gross_margin"]


# The ledger


@pytest.fixture
def written(sally):
    """Three entries: by Sally, by the product, and a day later."""
    at = datetime(2026, 3, 2, 21, 59, 59, tzinfo=UTC)
    for by, cause, kind, moment in [
        (sally, "web", "leads.lead.created", at),
        (None, "load:7", "deals.deal.won", at),
        (sally, "web", "leads.stage.changed", at + timedelta(seconds=1)),
    ]:
        with ledger.entry(by=by, at=moment, cause=cause) as entry:
            entry.record(kind, subject=("x", 1), data={"to": "mql"})


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("", ["3", "2", "1"]),
        ("cause=load", ["2"]),
        ("cause=load:8", []),
        ("kind=leads.", ["3", "1"]),
        ("kind=leads.stage", ["3"]),
        ("actor=none", ["2"]),
        ("actor=99999999", []),
        ("actor=x", []),
        ("day=2026-03-02", ["2", "1"]),
        ("day=2026-03-03", ["3"]),
        ("day=never", []),
        ("day=2026-03-02&actor=none&kind=deals&cause=load", ["2"]),
    ],
)
@pytest.mark.usefixtures("written")
def test_the_ledger_is_narrowed(panel, query, positions):
    """A day is one of the workspace: midnight in Bucharest is 22:00 in UTC."""
    assert firsts(panel(f"ledger/entry/?{query}")) == positions
    events = rows(panel(f"ledger/event/?{query}"))
    assert len(events) == len(positions)


@pytest.mark.usefixtures("written")
def test_the_ledger_by_person(panel, sally):
    assert firsts(panel(f"ledger/entry/?actor={sally.pk}")) == ["3", "1"]


@pytest.mark.usefixtures("written")
def test_an_entry_shows_its_events_and_its_seal(panel):
    entry = Entry.objects.get(position=2)

    page = panel(f"ledger/entry/{entry.pk}/")

    assert [event.kind for event in page.context_data["events"]] == ["deals.deal.won"]
    assert bytes(entry.hash or b"").hex() in page.text
    assert "to: mql" in page.text
    assert "The product itself" in page.text


def test_the_ledger_takes_no_writes(panel, at):
    with ledger.entry(by=None, at=at):
        pass
    entry = Entry.objects.get()

    for path in ("ledger/entry/", f"ledger/entry/{entry.pk}/", "ledger/event/"):
        assert panel(path, {"cause": "x"}).status_code == 405
    assert acts(panel(f"ledger/entry/{entry.pk}/")) == []


# Work


def a_job(**fields):
    at = datetime.now(UTC) - timedelta(minutes=30)
    fields = {"kind": "jobs.purge", "due_at": at, "created_at": at, **fields}
    return Job.objects.create(**fields)


def test_how_the_queue_is_doing(panel):
    a_job()
    a_job(state=JobState.DEAD, kind="sla.sweep")
    a_job(state=JobState.DEAD, lane="long")

    health = panel("jobs/job/").context_data["health"]

    assert [(lane.value, n["ready"], n["dead"]) for lane, n in health.counts] == [
        ("fast", 1, 1),
        ("long", 0, 1),
    ]
    assert (health.alive, health.beats) == (False, {})
    assert datetime.now(UTC) - health.oldest_due >= timedelta(minutes=30)
    page = panel("jobs/job/").text
    assert "no worker has answered for two minutes" in page
    assert re.search(r"waits since 30\s+minutes", page)
    schedule.beat("worker")
    assert "workers answer" in panel("jobs/job/").text
    assert firsts(panel("jobs/job/?state=dead&lane=fast")) == ["sla.sweep"]
    assert firsts(panel("jobs/job/?kind=sla")) == ["sla.sweep"]


def test_work_that_was_given_up_is_tried_again(panel):
    job = a_job(state=JobState.DEAD, attempt=8, error="Boom")
    assert "Boom" in panel(f"jobs/job/{job.pk}/").text
    assert acts(panel(f"jobs/job/{job.pk}/")) == ["replay"]

    panel(f"jobs/job/{job.pk}/do/replay/", {})

    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == ("ready", 0, "")


def test_work_that_waits_is_stopped(panel):
    job = a_job()
    assert acts(panel(f"jobs/job/{job.pk}/")) == ["cancel"]

    panel(f"jobs/job/{job.pk}/do/cancel/", {})

    job.refresh_from_db()
    assert job.state == "cancelled"
    answer = panel(f"jobs/job/{job.pk}/do/replay/", {})
    assert answer.status_code == 422


def test_a_list_counts_no_further_than_anybody_pages(panel, monkeypatch):
    monkeypatch.setattr("foundation.accounts.panel.pages._COUNTED", 3)
    for _ in range(5):
        make_user()

    page = panel("accounts/user/")

    assert page.context_data["more"] is True
    assert "more than 4" in page.text


def test_pages_of_a_list(panel):
    for number in range(51):
        make_user(name=f"Person {number:02}")

    first, second = panel("accounts/user/"), panel("accounts/user/?p=2")

    assert (len(rows(first)), len(rows(second))) == (50, 2)
    assert (first.context_data["earlier_url"], first.context_data["later_url"]) == (
        "",
        "?p=2",
    )
    assert second.context_data["later_url"] == ""


def test_text_stays_text(panel):
    """S1."""
    payload = '"><svg onload=alert(1)>'
    person = make_user(name=payload)

    for path in ("accounts/user/", f"accounts/user/{person.pk}/", "ledger/entry/"):
        assert payload not in panel(path).text
    assert User.objects.filter(name=payload).count() == 1


def shown(answer):
    """The facts of a record's page, and its heading first."""
    context = answer.context_data
    return [context["title"], *(str(cell.value) for cell in context["cells"])]


def people_of(team):
    """One person of the team, as the link that opens them."""
    address = f"/admin/accounts/user/?team={team.pk}&amp;active=1"
    return f'<a class="num-link" href="{address}">1</a>'


def test_a_team_opens_its_people(panel):
    team, other = make_team(), make_team()
    here = make_user(Role.SALES_REP, team=team)
    make_user(Role.SALES_REP, team=team, is_active=False)
    make_user(Role.SALES_REP, team=other)

    counted = rows(panel(f"accounts/team/?q={team.name}"))[0][-1]
    opened = panel(f"accounts/user/?team={team.pk}&active=1")

    assert counted == people_of(team)
    assert firsts(opened) == [here.name]


def test_the_margin_is_read_as_the_reader_writes_it(panel, lena):
    lena.language = "ro"
    lena.save()
    form = panel("accounts/workspace/do/change/").context_data["form"]
    sent = {**form.initial, "name": "Nordvest", "gross_margin": "0,75"}

    assert panel("accounts/workspace/do/change/", sent).status_code == 302
    assert workspace.current().gross_margin == Decimal("0.75")
    assert shown(panel("accounts/workspace/"))[4:6] == ["Ianuarie", "0,75"]


@pytest.mark.parametrize("language", ["ro", "pl"])
def test_months_are_never_what_a_token_may(language):
    with translation.override(language):
        may = str(TokenForm.base_fields["scopes"].label)
        said = [date_format(date(2025, 5, 28)), may]
    months = {
        "ro": ["28 mai 2025", "Are voie"],
        "pl": ["28 maja 2025", "Może"],
    }
    assert said == months[language]


@pytest.mark.usefixtures("written")
def test_a_long_list_does_not_change_the_bar(panel, monkeypatch):
    """The list says "more", as the bar's last place once did."""
    bar = re.compile(rb'<nav class="top-nav".*?</nav>', re.DOTALL)
    before = bar.findall(panel("ledger/event/").content)
    monkeypatch.setattr(pages, "_COUNTED", 0)
    ledger_rows = panel("ledger/event/")

    assert ledger_rows.context_data["more"] is True
    assert bar.findall(ledger_rows.content) == before
    assert len(before) == 1


def test_tokens_are_offered_to_those_who_may_make_them(client):
    offered, opens = {}, {}
    for role in set(Role) - {Role.INTEGRATION}:
        client.force_login(make_user(role))
        link = b'href="/account/tokens/"'
        offered[role] = link in client.get("/account/").content
        opens[role] = client.get("/account/tokens/").status_code == 200

    assert offered == opens
    assert set(offered.values()) == {True, False}
