"""R14: a write sent twice under one key is done once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from foundation.accounts.actions import idempotency, sessions
from foundation.accounts.actions.idempotency import Caller
from foundation.accounts.models import KeptAnswer, Team
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alignment.api.probe")]
KEY = {"Idempotency-Key": "order-7"}


def test_the_same_again_is_the_same_byte_for_byte_and_done_once(call):
    first = call("post", "teams/", {"name": "a"}, headers=KEY)
    again = call("post", "teams/", {"name": "a"}, headers=KEY)

    assert first.status_code == 201
    assert (again.status_code, again.content, again["Content-Type"]) == (
        first.status_code,
        first.content,
        first["Content-Type"],
    )
    assert again["Idempotent-Replayed"] == "true"
    assert not first.has_header("Idempotent-Replayed")
    assert Team.objects.count() == 1


def test_a_refusal_is_an_answer_too(call):
    first = call("post", "teams/", {"name": "refused"}, headers=KEY)
    again = call("post", "teams/", {"name": "refused"}, headers=KEY)

    assert (first.status_code, first["Content-Type"]) == (
        409,
        "application/problem+json",
    )
    assert (again.status_code, again.content, again["Content-Type"]) == (
        409,
        first.content,
        first["Content-Type"],
    )
    assert Team.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "body"), [("teams/", {"name": "b"}), ("teams/?quiet=true", {"name": "a"})]
)
def test_another_request_under_the_same_key_is_refused(call, path, body):
    call("post", "teams/", {"name": "a"}, headers=KEY)

    answer = call("post", path, body, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (
        422,
        "idempotency_key_reused",
    )
    assert Team.objects.count() == 1


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(client, call):
    call("post", "teams/", {"name": "a"}, headers=KEY)
    client.force_login(make_user())

    answer = client.post(
        "/api/v1/teams/", {"name": "b"}, "application/json", headers=KEY
    )

    assert answer.status_code == 201
    assert Team.objects.count() == 2


def test_a_breakdown_leaves_nothing_and_the_key_free(client, call):
    client.raise_request_exception = False

    assert call("post", "teams/", {"name": "broken"}, headers=KEY).status_code == 500

    assert (Team.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert call("post", "teams/", {"name": "a"}, headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "ż"])
def test_a_key_that_is_none(call, key):
    answer = call("post", "teams/", {"name": "a"}, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")
    assert Team.objects.count() == 0


def test_after_a_day_the_key_is_new(call):
    call("post", "teams/", {"name": "a"}, headers=KEY)
    long_ago = datetime.now(UTC) - timedelta(hours=24)
    KeptAnswer.objects.update(kept_at=long_ago - timedelta(1), expires_at=long_ago)

    answer = call("post", "teams/", {"name": "b"}, headers=KEY)

    assert answer.status_code == 201
    assert KeptAnswer.objects.get().expires_at > datetime.now(UTC) + timedelta(hours=23)


def test_old_answers_are_forgotten(call):
    for name in "ab":
        call("post", "teams/", {"name": name}, headers={"Idempotency-Key": name})
    now = datetime.now(UTC)
    KeptAnswer.objects.filter(key="a").update(
        kept_at=now - timedelta(2), expires_at=now - timedelta(1)
    )

    assert sessions.tidy(at=now) == 1
    assert KeptAnswer.objects.get().key == "b"


def test_reading_takes_no_notice_of_a_key(call):
    assert call("get", "people/", headers=KEY).status_code == 200
    assert KeptAnswer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_and_a_conflict(program):
    """One holds the key while the other asks; ten at once make one team."""
    caller = Caller(program, program.token)
    with transaction.atomic():
        assert idempotency.claim(caller, "k", fingerprint="f", at=_now()) is None
        answers = _ask(program, 1, "k")
    assert answers == [409]

    answers = _ask(program, 10, "other")

    assert sorted(set(answers)) in ([201], [201, 409])
    assert Team.objects.count() == 1


def _now():
    return datetime.now(UTC)


def _ask(program, n, key):
    answers = []

    def ask():
        headers = {"Authorization": f"Bearer {program.text}", "Idempotency-Key": key}
        answer = Client().post(
            "/api/v1/teams/", {"name": "a"}, "application/json", headers=headers
        )
        answers.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
