"""What programs read of the addresses of leads in the API's own document."""

import re

import pytest

from foundation.kernel.api.pagination import _SIGNER

pytestmark = pytest.mark.django_db
BATCHES = {"leads": "LeadBodyRequest", "touchpoints": "TouchpointBodyRequest"}


@pytest.fixture
def document(client, mark):
    client.force_login(mark)
    return client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()


def operation(document, method, path):
    return document["paths"][f"/api/v1/{path}"][method]


def parameter(document, path, name):
    told = operation(document, "get", path)["parameters"]
    return next(p for p in told if p["name"] == name)


@pytest.mark.parametrize("noun", BATCHES)
def test_items_of_a_batch_have_a_type(document, noun):
    told = operation(document, "post", f"{noun}/batch/")

    [name] = {
        kind["schema"]["$ref"].rpartition("/")[2]
        for kind in told["requestBody"]["content"].values()
    }
    items = document["components"]["schemas"][name]["properties"]["items"]
    assert items == {
        "type": "array",
        "items": {"$ref": f"#/components/schemas/{BATCHES[noun]}"},
        "minItems": 1,
        "maxItems": 1_000,
    }
    refused = told["responses"]["422"]["content"]
    assert set(refused) == {"application/json", "application/problem+json"}


def test_an_upsert_may_create(document):
    path = "leads/by-external-id/{system}/{external_id}/"
    answers = operation(document, "put", path)["responses"]

    lead = {"$ref": "#/components/schemas/LeadOut"}
    for status in ("200", "201"):
        assert answers[status]["content"]["application/json"]["schema"] == lead


@pytest.mark.parametrize("name", ["TouchpointBodyRequest", "StageChangeBodyRequest"])
def test_a_lead_is_referred_to_in_one_of_two_ways(document, name):
    told = document["components"]["schemas"][name]["description"]

    assert told.startswith("Give either `lead` (our id), or `lead_external_id` and")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        *((text, True) for text in ("2018-01-05", "2018-W05", "2018-01", "2018-Q1")),
        *((text, True) for text in ("2018", "FY2018-Q1", "FY2018", "all")),
        ("2018-01-15/2018-03-31", True),
        *((text, False) for text in ("soon", "2018-Q5", "18", "2018/2019", "All")),
    ],
)
def test_a_period_has_a_pattern(document, text, fits):
    schema = parameter(document, "kpis/{key}/", "period")["schema"]

    assert bool(re.search(schema["pattern"], text)) is fits


def test_a_cursor_has_a_pattern(document):
    told = parameter(document, "leads/", "cursor")

    pattern = told["schema"]["pattern"]
    assert told["description"].startswith("A page's place, taken from `next`")
    assert re.search(pattern, _SIGNER.sign_object(["-id", None, 7, False]))
    assert not re.search(pattern, "second page")
