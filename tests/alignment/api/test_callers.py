"""Tokens, sessions, limits and the open line."""

import re
import socket
import time
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisGone

from alignment.api import limits
from foundation.accounts.actions import people, tokens
from foundation.accounts.models import ApiToken, Team
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alignment.api.probe")]
ME = "/api/v1/me/"


def get(client, text, path=ME):
    return client.get(path, headers={"Authorization": f"Bearer {text}"})


def make(owner, *scopes, **options):
    at = options.pop("at", datetime.now(UTC))
    return tokens.create(
        owner=owner, name="t", scopes=scopes, by=None, at=at, **options
    )


def test_me_tells_who_calls_and_what_they_may(client, sally):
    row, text = make(sally, "me:read", "leads:read", "revenue:write")

    answer = get(client, text).json()

    assert answer == {
        "id": sally.pk,
        "name": "Sally Sales",
        "email": sally.email,
        "role": "sales_rep",
        "function": "sales",
        "language": "en",
        "time_zone": "Europe/Bucharest",
        "permissions": ["leads-view", "own-account"],
        "token": {
            "name": "t",
            "scopes": ["leads:read", "me:read", "revenue:write"],
            "expires_at": row.expires_at.isoformat().replace("+00:00", "Z"),
        },
    }


def test_a_token_is_kept_as_a_digest_only(sally):
    row, text = make(sally, "me:read")

    assert re.fullmatch(r"alignment_token_\w{8}_\w{43}\w{6}", text)
    kept = " ".join(str(value) for value in vars(row).values())
    assert text.rpartition("_")[2] not in kept
    assert row.key in text


def test_what_is_not_a_token_or_dead_is_refused(client, sally):
    """S45, S51: revoked, expired, or of somebody shut out, from the next request on."""
    row, text = make(sally, "me:read")
    _old, expired = make(
        sally, "me:read", at=datetime.now(UTC) - timedelta(days=2), life=timedelta(1)
    )
    assert get(client, text).status_code == 200
    for wrong in [expired, "", "x", text[:-1], text[:-1] + "!", text.swapcase()]:
        assert get(client, wrong).status_code == 401
    tokens.revoke(row, by=None, at=datetime.now(UTC))
    assert get(client, text).status_code == 401

    _row, text = make(sally, "me:read")
    people.disable(sally, by=None, at=datetime.now(UTC))
    assert get(client, text).status_code == 401


def test_a_token_counts_in_the_header_only(client, sally):
    _row, text = make(sally, "me:read")

    assert client.get(f"{ME}?token={text}").status_code == 401
    assert client.get(ME, headers={"Authorization": f"Token {text}"}).status_code == 401


def test_a_token_may_no_more_than_its_scopes_and_its_owner(client, sally, lena):
    body = {"name": "a"}
    for owner, scopes, status in [
        (sally, ["leads:read"], 403),
        (sally, ["leads:write"], 201),
        (lena, ["leads:write"], 403),
    ]:
        _row, text = make(owner, *scopes)
        answer = client.post(
            "/api/v1/teams/",
            body,
            "application/json",
            headers={"Authorization": f"Bearer {text}"},
        )
        assert answer.status_code == status
    assert Team.objects.count() == 1


def test_the_last_use_is_written_once_a_minute(
    client, sally, django_assert_num_queries
):
    row, text = make(sally, "me:read")
    get(client, text)
    seen = ApiToken.objects.get(pk=row.pk).last_used_at
    assert seen is not None

    with django_assert_num_queries(2):  # token with its owner; workspace
        get(client, text)

    assert ApiToken.objects.get(pk=row.pk).last_used_at == seen


def test_scopes_and_life_are_checked(sally):
    with pytest.raises(tokens.UnknownScope):
        make(sally, "everything")
    with pytest.raises(tokens.TooLong):
        make(sally, "me:read", life=timedelta(days=366))
    assert ApiToken.objects.count() == 0


def test_a_browser_needs_its_csrf_token(sally):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sally)
    answer = client.post("/api/v1/teams/", {"name": "a"}, "application/json")

    assert (answer.status_code, answer["Content-Type"]) == (
        403,
        "application/problem+json",
    )
    client.get("/api/v1/docs/")
    token = client.cookies["csrf"].value
    answer = client.post(
        "/api/v1/teams/",
        {"name": "a"},
        "application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201


def test_answers_say_how_much_is_left_and_stop_at_the_limit(client, sally, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    _row, text = make(sally, "me:read")
    _other, other = make(sally, "me:read")
    _wait_for_a_whole_minute()

    answers = [get(client, text) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"default";q=3;w=60'}
    left = [re.findall(r"r=(\d+)", answer["RateLimit"])[0] for answer in answers]
    assert left == ["2", "1", "0", "0"]
    last = answers[-1]
    assert (last["Content-Type"], last.json()["code"]) == (
        "application/problem+json",
        "throttled",
    )
    assert last["Retry-After"] == re.findall(r"t=(\d+)", last["RateLimit"])[0]
    assert get(client, other).status_code == 200


def _wait_for_a_whole_minute():
    """Not to be cut by the end of a window."""
    left = limits.WINDOW_SECONDS - time.time() % limits.WINDOW_SECONDS
    if left < 3:
        time.sleep(left)


def test_wrong_tokens_are_limited_and_right_ones_are_not(client, sally, monkeypatch):
    """S36: whoever tries many; the others from there still come in."""
    monkeypatch.setattr("alignment.api.authentication.WRONG_TOKENS_PER_MINUTE", 2)
    cache.clear()
    _row, text = make(sally, "me:read")
    _wait_for_a_whole_minute()

    answers = [get(client, "wrong").status_code for _ in range(3)]

    assert answers == [401, 401, 429]
    assert get(client, text).status_code == 200


def test_without_redis_nobody_is_counted_and_nobody_waits(client, sally, monkeypatch):
    """R2: one failure, then Redis is left alone for a while."""
    limiter, tries = limits.Limiter("redis://127.0.0.1:1/0"), []
    monkeypatch.setattr("alignment.api.throttling.limiter", lambda: limiter)

    class Gone:
        def incr(self, key): ...

        def expire(self, key, seconds): ...

        def execute(self):
            tries.append(1)
            raise RedisGone

    monkeypatch.setattr(limiter, "_redis", Mock(pipeline=lambda **_: Gone()))
    _row, text = make(sally, "me:read")

    answers = [get(client, text) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not answers[0].has_header("RateLimit")
    assert len(tries) == 1


def test_a_redis_that_never_answers_costs_a_moment(client, sally, monkeypatch):
    """R3: it takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as hole:
        url = f"redis://127.0.0.1:{hole.getsockname()[1]}/0"
        limiter = limits.Limiter(url)
        monkeypatch.setattr("alignment.api.throttling.limiter", lambda: limiter)
        _row, text = make(sally, "me:read")
        begin = time.monotonic()

        assert get(client, text).status_code == 200

        assert time.monotonic() - begin < 2


def test_the_api_is_refused_over_an_open_line(client, sally, settings):
    """S28: not redirected, so that nobody overlooks it."""
    settings.SECURE = True
    _row, text = make(sally, "me:read")

    answer = get(client, text)

    assert (answer.status_code, answer.json()["code"]) == (403, "https_required")
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get(ME, headers=headers, secure=True).status_code == 200


def test_a_person_shut_out_is_nobody_to_the_api(client, sally):
    client.force_login(sally)
    assert client.get(ME).status_code == 200

    people.disable(sally, by=make_user(), at=datetime.now(UTC))

    assert client.get(ME).status_code == 401
