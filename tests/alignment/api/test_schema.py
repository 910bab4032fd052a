"""The API's own document says exactly what the endpoints do."""

import pytest
from django.urls import reverse

from alignment.api import views
from tests.architecture.matrix import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def probe(call, settings):
    """The document of the endpoints that the tests of the base define."""
    settings.ROOT_URLCONF = "tests.alignment.api.probe"
    views.document.cache_clear()
    yield call("get", "schema/").json()
    views.document.cache_clear()


def test_a_list_is_described(probe):
    operation = probe["paths"]["/api/v1/people/"]["get"]

    parameters = {p["name"]: p["schema"] for p in operation["parameters"]}
    assert set(parameters) == {
        *("role", "name", "team", "active", "joined_at_after", "joined_at_before"),
        *("joined_on_after", "joined_on_before"),
        *("cursor", "page_size", "ordering", "search"),
    }
    assert parameters["page_size"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 500,
    }
    assert parameters["joined_at_after"] == {"type": "string", "format": "date-time"}
    assert operation["description"] == "People, for the tests."
    assert set(operation["responses"]) == {
        *("200", "400", "401", "403", "406", "429", "503"),
    }
    page = probe["components"]["schemas"]["PaginatedPersonOutList"]
    assert page["required"] == ["next", "previous", "results"]
    assert page["properties"]["results"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/PersonOut"},
    }


def test_a_write_is_described(probe):
    operation = probe["paths"]["/api/v1/teams/"]["post"]

    assert [(p["name"], p["in"]) for p in operation["parameters"]] == [
        ("Idempotency-Key", "header"),
        ("quiet", "query"),
    ]
    assert operation["requestBody"]["required"] is True
    assert set(operation["responses"]) == {
        *("201", "400", "401", "403", "406", "409", "413", "415", "422", "429", "503"),
    }
    with_part = probe["paths"]["/api/v1/teams/{id}/"]["post"]
    assert "404" in with_part["responses"]
    body = probe["components"]["schemas"]["TeamBodyRequest"]
    assert (body["required"], body["additionalProperties"]) == (["name"], False)
    money = probe["components"]["schemas"]["MoneyRequest"]
    assert (money["required"], money["additionalProperties"]) == (
        ["amount", "currency"],
        False,
    )


def test_refusals_are_problems(probe):
    assert probe["components"]["responses"]["Problem409"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    problem = probe["components"]["schemas"]["Problem"]
    assert problem["required"] == list(problem["properties"])


def test_the_document_is_openapi_3_1_for_whoever_is_known(client, call):
    answer = call("get", "schema/")

    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    assert answer.json()["openapi"] == "3.1.1"
    answer = call("get", "schema/", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    assert client.get("/api/v1/schema/").status_code == 401


def test_every_endpoint_is_in_the_document(call):
    views.document.cache_clear()
    described = set(call("get", "schema/").json()["paths"])
    beside = {reverse("api:schema"), reverse("api:docs")}

    endpoints = {
        route.path.replace("<int:", "<").replace("<str:", "<").replace("<slug:", "<")
        for route in routes()
        if route.name.startswith("api:")
    }
    endpoints = {path.replace("<", "{").replace(">", "}") for path in endpoints}

    assert {path.replace("{pk}", "{id}") for path in endpoints - beside} == described


def test_nothing_in_the_document_had_to_be_guessed(call, capsys):
    views.document.cache_clear()
    document = call("get", "schema/").json()

    assert "Warning" not in capsys.readouterr().err
    operations = [o for path in document["paths"].values() for o in path.values()]
    assert [o["operationId"] for o in operations if not o["summary"]] == []


def test_the_page_about_the_api_loads_nothing_from_elsewhere(client, sally):
    client.force_login(sally)

    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    assert "swagger-ui-bundle.js" in page.text
    assert "https://" not in page.text
    client.logout()
    assert client.get("/api/v1/docs/").status_code == 302
