"""S44, S45: how long a browser stays signed in, and what it costs to know."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings

from foundation.accounts.actions import sessions
from foundation.accounts.domain.browsers import describe
from foundation.accounts.models import Session
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
ACCOUNT = "/account/"
IDLE = timedelta(seconds=django_settings.SESSION_IDLE_SECONDS)


@pytest.fixture
def browser(client, sally):
    client.force_login(sally)
    return client


def move(**fields):
    Session.objects.update(**fields)


def test_it_ends_when_nobody_used_it_for_hours(browser):
    now = datetime.now(UTC)
    move(seen_at=now - IDLE + timedelta(minutes=5))
    assert browser.get(ACCOUNT).status_code == 200

    move(seen_at=now - IDLE - timedelta(seconds=1))
    assert browser.get(ACCOUNT).status_code == 302


def test_it_ends_after_a_week_however_much_it_was_used(browser):
    session = Session.objects.get()
    assert session.expire_date - session.started_at == timedelta(days=7)
    browser.post("/account/language/", {"language": "ro"})
    browser.post(
        ACCOUNT, {"name": "S", "language": "en", "theme": "auto", "time_zone": ""}
    )
    assert Session.objects.get().expire_date == session.expire_date

    move(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    assert browser.get(ACCOUNT).status_code == 302


def test_using_it_is_noted_once_a_minute(browser):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    move(seen_at=long_ago)
    browser.get(ACCOUNT)
    seen = Session.objects.get().seen_at
    assert seen > long_ago + timedelta(minutes=59)

    browser.get(ACCOUNT)
    assert Session.objects.get().seen_at == seen


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(browser):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    move(seen_at=long_ago)

    assert browser.get("/live/?at=0").status_code == 204

    assert Session.objects.get().seen_at == long_ago


def test_session_and_person_are_one_statement(browser, django_assert_num_queries):
    with django_assert_num_queries(2):  # session with person and zone; the ledger
        browser.get("/live/?at=0")


def test_a_session_of_an_older_key_goes_on(browser, sally):
    """A secret key that was changed signs nobody out while the old one is known."""
    old = django_settings.SECRET_KEY
    key = browser.cookies[django_settings.SESSION_COOKIE_NAME].value

    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[old]):
        assert browser.get(ACCOUNT).status_code == 200
        assert browser.cookies[django_settings.SESSION_COOKIE_NAME].value != key
    with override_settings(SECRET_KEY="n" * 60):
        assert browser.get(ACCOUNT).status_code == 200
    with override_settings(SECRET_KEY="z" * 60):
        assert browser.get(ACCOUNT).status_code == 302


def test_a_session_made_with_another_password_is_none(browser, sally):
    sally.set_password("something else")
    sally.save()

    assert browser.get(ACCOUNT).status_code == 302


def test_a_cookie_somebody_made_up_is_none():
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "a" * 32

    assert client.get(ACCOUNT).status_code == 302


def test_ended_sessions_are_forgotten(sally):
    now = datetime.now(UTC)
    for _ in range(3):
        Client().force_login(sally)
    first, second, third = Session.objects.order_by("pk")
    Session.objects.filter(pk=first.pk).update(expire_date=now)
    Session.objects.filter(pk=second.pk).update(seen_at=now - IDLE)

    assert sessions.tidy(at=now) == 2
    assert list(Session.objects.all()) == [third]


def test_one_s_own_time_zone_or_the_workspace_s(client):
    for zone, shown in [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/Bucharest")]:
        client.force_login(make_user(time_zone=zone))
        assert f'data-time-zone="{shown}"' in client.get(ACCOUNT).text


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Firefox/142.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; like Mac OS X) Version/18 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile", "Chrome · Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_s_name(agent, name):
    assert describe(agent) == name
