"""S41: a mailed link that works once, for a day, and is kept nowhere."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from foundation.accounts.actions import invitations, mails, people
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.domain import invitations as links
from foundation.accounts.enums import Function, Mail, Role
from foundation.accounts.models import Invitation, User
from foundation.accounts.queries.invitations import by_link
from foundation.jobs.models import Job
from foundation.ledger.models import Event
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db
GUEST = Guest("Ana@Example.com", "Ana Pop", Role.SALES_REP, language="ro")
CHANGING = re.compile(r'(value|content)="\w{64}"')
LINK = re.compile(r"http://testserver(/account/invitation/(\S+)/)")


def invite(lena, guest=GUEST):
    """A moment ago: the database's clock stands still during a test."""
    at = datetime.now(UTC) - timedelta(minutes=1)
    return invitations.invite(guest, by=lena, at=at)


def parts(text):
    """The link's path and its key."""
    found = LINK.search(text)
    assert found is not None
    return found


def link_in(mail):
    return parts(mail.get_content())[1]


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_the_whole_way(client, lena, inbox, work, password):
    """Invited, mailed in the guest's language, accepted, signed in; once."""
    team = make_team(Function.SALES)
    row = invite(lena, Guest("Ana@Example.com", "Ana Pop", Role.SALES_REP, team, "ro"))
    assert (row.digest, row.expires_at) == (None, None)

    assert work() == 1
    [(recipients, mail)] = inbox
    assert recipients == ["ana@example.com"]
    assert mail["To"] == "ana@example.com"
    assert "Lena Leader" in mail["Subject"]

    answer = client.get(link_in(mail))
    assert (answer.status_code, answer["Location"]) == (302, "/account/invitation/")
    page = client.get("/account/invitation/")
    assert (page.status_code, "ana@example.com" in page.text) == (200, True)
    answer = client.post(
        "/account/invitation/", {"name": "Ana-Maria Pop", "password": password}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    ana = User.objects.get(email="ana@example.com")
    assert (ana.name, ana.role, ana.team, ana.language, ana.is_active) == (
        "Ana-Maria Pop",
        "sales_rep",
        team,
        "ro",
        True,
    )
    assert client.get("/account/").context["user"] == ana
    assert kinds() == [
        "accounts.invitation.made",
        "accounts.invitation.sent",
        "accounts.person.joined",
    ]
    assert Client().get(link_in(mail)).status_code == 404


def test_only_a_digest_is_kept(lena, inbox, work):
    """Neither rows nor jobs lead to the link."""
    row = invite(lena)
    work()

    secret = link_in(inbox[0][1]).strip("/").partition("-")[2]
    row.refresh_from_db()
    assert len(secret) == 43
    assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
    with connection.cursor() as cursor:
        for table in ("accounts_invitation", "jobs_job", "ledger_event"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            assert secret not in cursor.fetchone()[0]


def test_a_mail_sent_twice_holds_the_same_link(lena, inbox):
    row = invite(lena)

    for _ in range(2):
        mails.send(Mail.INVITATION, row.pk, at=datetime.now(UTC))

    assert link_in(inbox[0][1]) == link_in(inbox[1][1])


def test_the_day_begins_when_the_mail_is_sent(lena):
    """R23: a mail server that was away does not use up the time."""
    made = datetime(2026, 3, 2, 10, tzinfo=UTC)
    row = invitations.invite(GUEST, by=lena, at=made)
    sent = made + timedelta(days=3)
    link = parts(invitations.link_of(row, at=sent))[2]

    assert by_link(link, at=sent + timedelta(hours=24, seconds=-1)) == row
    assert by_link(link, at=sent + timedelta(hours=24)) is None


def test_a_wrong_link_is_like_an_old_one(client, lena):
    """S40: nothing tells which of them it is."""
    row = invite(lena)
    good = parts(invitations.link_of(row, at=datetime.now(UTC)))[2]
    secret = good.partition("-")[2]
    withdrawn = parts(
        invitations.link_of(
            invite(lena, Guest("b@x.ro", "B", Role.MARKETER)), at=datetime.now(UTC)
        )
    )[2]
    invitations.withdraw(
        Invitation.objects.get(email="b@x.ro"), by=lena, at=datetime.now(UTC)
    )

    wrong = [
        withdrawn,
        f"{row.pk}-{secret[:-1]}x",
        f"{row.pk + 99}-{secret}",
        f"{row.pk}-",
        "x",
        "9" * 30 + "-x",
        f"-{secret}",
    ]
    answers = [client.get(f"/account/invitation/{link}/") for link in wrong]

    assert {answer.status_code for answer in answers} == {404}
    pages = {
        CHANGING.sub("", answer.text).replace(f"/{link}/", "")
        for answer, link in zip(answers, wrong, strict=True)
    }
    assert len(pages) == 1
    assert client.get("/account/invitation/").status_code == 404
    assert client.get(f"/account/invitation/{good}/").status_code == 302


def test_the_secret_leaves_the_address_bar(client, lena):
    row = invite(lena)
    link = parts(invitations.link_of(row, at=datetime.now(UTC)))[1]

    client.get(link)
    page = client.get("/account/invitation/")

    assert link.partition("-")[2].strip("/") not in page.text
    assert page["Referrer-Policy"] == "same-origin"


def test_a_weak_password_is_refused_and_the_link_still_works(client, lena, password):
    row = invite(lena)
    client.get(parts(invitations.link_of(row, at=datetime.now(UTC)))[1])

    for weak in ["short", "elevenchars", "ana@example.com", "Alignment2026!", ""]:
        answer = client.post("/account/invitation/", {"name": "Ana", "password": weak})
        assert (answer.status_code, User.objects.filter(name="Ana").count()) == (422, 0)
    answer = client.post("/account/invitation/", {"name": "Ana", "password": password})
    assert answer.status_code == 302


def test_somebody_known_from_records_keeps_them(client, lena, at, password):
    found = people.resolve_owners(["ana@example.com", "4b1c"], by=None, at=at)
    by_address = invite(lena)
    by_hand = invite(
        lena,
        Guest(
            "bo@x.ro", "Bo", Role.MARKETER, person=User.objects.get(pk=found["4b1c"])
        ),
    )

    for row, name in [(by_address, "Ana"), (by_hand, "Bo")]:
        link = parts(invitations.link_of(row, at=datetime.now(UTC)))[2]
        invitations.accept(link, name=name, password=password, at=datetime.now(UTC))

    assert User.objects.count() == 3
    bo = User.objects.get(pk=found["4b1c"])
    assert (bo.name, bo.email, bo.role, bo.is_active, bo.external_id) == (
        "Bo",
        "bo@x.ro",
        "marketer",
        True,
        "4b1c",
    )
    assert User.objects.get(email="ana@example.com").pk == found["ana@example.com"]


def test_inviting_again_makes_the_first_link_useless(lena):
    first = invite(lena)
    link = parts(invitations.link_of(first, at=datetime.now(UTC)))[2]

    second = invite(lena)

    assert by_link(link, at=datetime.now(UTC)) is None
    with pytest.raises(invitations.LinkGone):
        invitations.link_of(first, at=datetime.now(UTC))
    assert list(Invitation.objects.filter(withdrawn_at=None)) == [second]


def test_a_withdrawn_invitation_is_not_mailed(lena, inbox, work):
    row = invite(lena)
    invitations.withdraw(row, by=lena, at=datetime.now(UTC))
    invitations.withdraw(row, by=lena, at=datetime.now(UTC))

    assert work() == 1
    assert inbox == []
    assert kinds() == ["accounts.invitation.made", "accounts.invitation.withdrawn"]


def test_who_cannot_be_invited(lena, sally):
    with pytest.raises(invitations.AlreadyHere):
        invite(lena, Guest(sally.email.upper(), "X", Role.MARKETER))
    with pytest.raises(invitations.NotForIntegrations):
        invite(lena, Guest("x@x.ro", "X", Role.INTEGRATION))
    with pytest.raises(people.TeamOfAnother):
        invite(lena, Guest("x@x.ro", "X", Role.MARKETER, make_team(Function.SALES)))
    stranger = make_user(is_active=False)
    with pytest.raises(invitations.AlreadyHere):
        invite(lena, Guest(sally.email, "X", Role.SALES_REP, person=stranger))
    assert Invitation.objects.count() == 0


def test_a_name_adds_no_header(lena, inbox, work):
    """S8: not even one that came by another way than our forms."""
    User.objects.filter(pk=lena.pk).update(name="Lena\nBcc: all@example.com")
    lena.refresh_from_db()
    invite(lena)
    work()

    [(recipients, mail)] = inbox
    assert (recipients, mail["Bcc"]) == (["ana@example.com"], None)


def test_a_mail_server_that_is_away_makes_it_late(lena, settings, work):
    """R23: the job waits and is tried again."""
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    invite(lena)

    assert work() == 1

    job = Job.objects.get()
    assert (job.state, job.attempt) == ("ready", 1)
    assert job.due_at > datetime.now(UTC)


@pytest.mark.parametrize(
    "text", ["", "-", "7", "7-", "x-y", "-y", "\u0667-y", "1" * 19 + "-y"]
)
def test_what_is_no_link(text):
    assert links.parse(text) is None


def test_links_differ_by_each_of_their_parts():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    made = {
        links.make(1, at, key="a").secret,
        links.make(2, at, key="a").secret,
        links.make(1, at + timedelta(microseconds=1), key="a").secret,
        links.make(1, at, key="b").secret,
    }
    assert len(made) == 4
    assert links.parse(str(links.make(1, at, key="a"))) == links.make(1, at, key="a")
