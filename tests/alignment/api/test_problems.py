"""Every refusal is problem+json, with a pointer to each fault."""

import json

import pytest
from django.db import IntegrityError, OperationalError, connection

from foundation.accounts.models import Team

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.alignment.api.probe")]


def problem(answer):
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:alignment:problem:{body['code']}"
    faults = [(e["pointer"], e["code"]) for e in body["errors"]]
    return body["status"], body["title"], body["code"], faults


def test_an_unknown_address(call):
    assert problem(call("get", "nothing/")) == (404, "Not Found", "not_found", [])


def test_a_method_that_is_not_there(call):
    answer = call("delete", "people/")

    assert problem(answer) == (405, "Method Not Allowed", "method_not_allowed", [])
    assert answer["Allow"] == "GET, HEAD"


def test_a_body_that_cannot_be_parsed(call):
    answer = call("post", "teams/", "{", content_type="application/json")

    assert problem(answer) == (400, "Bad Request", "parse_error", [])


def test_a_body_of_another_type(call):
    answer = call("post", "teams/", "<a/>", content_type="text/xml")

    assert problem(answer)[:3] == (
        415,
        "Unsupported Media Type",
        "unsupported_media_type",
    )


def test_an_answer_of_another_type(call):
    answer = call("get", "people/", headers={"Accept": "text/html"})

    assert problem(answer)[:3] == (406, "Not Acceptable", "not_acceptable")


def test_a_body_too_large(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = call("post", "teams/", json.dumps({"name": "x" * 200}))

    assert problem(answer)[:3] == (413, "Content Too Large", "too_large")


def test_each_fault_of_a_body_has_its_place(call):
    body: dict[str, object] = {
        "name": "",
        "typo/~": 1,
        "owners": [{"id": 1}, {"id": "x"}],
        "starts_at": "2026-03-02T10:00:00",
        "value": {"amount": "x", "currency": "euro"},
    }

    assert problem(call("post", "teams/", body))[2:] == (
        "invalid",
        [("/typo~1~0", "unknown_field")],
    )
    del body["typo/~"]
    assert problem(call("post", "teams/", body))[2:] == (
        "invalid",
        [
            ("/name", "blank"),
            ("/value/amount", "invalid"),
            ("/value/currency", "invalid"),
            ("/value/currency", "max_length"),
            ("/starts_at", "no_offset"),
            ("/owners/1/id", "invalid"),
        ],
    )


def test_unknown_fields_inside_are_found_too(call):
    body: dict[str, object] = {
        "name": "a",
        "value": {"amount": "1", "currency": "EUR", "x": 1},
    }
    assert problem(call("post", "teams/", body))[3] == [("/value/x", "unknown_field")]

    body = {"name": "a", "owners": [{"id": 1, "y": 1}]}
    assert problem(call("post", "teams/", body))[3] == [
        ("/owners/0/y", "unknown_field")
    ]


@pytest.mark.parametrize("body", [[], "x", 3, None])
def test_a_body_that_is_no_object(call, body):
    answer = call("post", "teams/", json.dumps(body))

    assert problem(answer)[2] == "invalid"


def test_what_a_rule_refuses(call):
    assert problem(call("post", "teams/", {"name": "refused"})) == (
        409,
        "Conflict",
        "team_refused",
        [("/owners/0/id", "team_refused")],
    )
    assert problem(call("post", "teams/", {"name": "wrong"})) == (
        422,
        "Unprocessable Content",
        "team_wrong",
        [],
    )


def test_a_breakdown_names_the_request_and_nothing_else(client, call):
    client.raise_request_exception = False

    answer = call("post", "teams/", {"name": "broken"})

    assert problem(answer) == (500, "Internal Server Error", "internal", [])
    assert answer.json()["detail"] == (
        f"Something went wrong on our side, in request {answer['X-Request-ID']}."
    )


def test_a_caller_nobody_knows(client):
    answer = client.get("/api/v1/people/")

    assert problem(answer)[:3] == (401, "Unauthorized", "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_write_for_readers(client, lena):
    client.force_login(lena)

    assert client.get("/api/v1/people/").status_code == 200
    answer = client.post("/api/v1/teams/", {"name": "a"}, "application/json")
    assert problem(answer) == (403, "Forbidden", "permission_denied", [])
    assert Team.objects.count() == 0


def test_money_and_moments_are_read_and_written(call):
    body = {
        "name": "a",
        "value": {"amount": "12000", "currency": "EUR"},
        "starts_at": "2026-03-02T10:00:00+02:00",
    }

    answer = call("post", "teams/", body)

    assert (answer.status_code, answer.json()["value"]) == (
        201,
        {"amount": "12000.00", "currency": "EUR"},
    )
    answer = call("post", "teams/", {"name": "b", "value": None})
    assert answer.json()["value"] is None


def test_a_database_that_is_away_is_503(client, call, monkeypatch):
    """R12, R13: nothing is written, and the caller hears when to ask again."""
    client.raise_request_exception = False
    monkeypatch.setattr(connection, "cursor", _refuse)

    answer = call("get", "people/")

    assert problem(answer) == (503, "Service Unavailable", "unavailable", [])
    assert answer["Retry-After"] == "5"


def _refuse(*args, **options):
    raise OperationalError


class _Twice(Exception):
    pgcode = "23505"


def test_writing_what_another_request_just_wrote_is_a_conflict(call, monkeypatch):
    """Two at once: both looked, neither found it, and the key lets one through."""

    def lose(*args, **options):
        raise IntegrityError from _Twice()

    monkeypatch.setattr(Team.objects, "create", lose)
    monkeypatch.setattr(Team, "save", lose)

    answer = call("post", "teams/", {"name": "East"})

    assert problem(answer) == (409, "Conflict", "just_written", [])
