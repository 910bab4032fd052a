"""The shared vectors, made by an independent minute stepper; absent in some places."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from sla.domain.business_time import Calendar, NeverOpens, due, elapsed

FILE = Path(__file__).parents[4] / "shared" / "vectors" / "business_time.json"
NOTHING = '{"calendars": {}, "cases": [], "cases_seconds": []}'
VECTORS = json.loads(FILE.read_text() if FILE.exists() else NOTHING)
CASES = [*VECTORS["cases"], *VECTORS["cases_seconds"]]
WORKING = [name for name in VECTORS["calendars"] if name != "never"]

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="no vectors beside the project"
)


def moment(text):
    return None if text is None else datetime.fromisoformat(text)


def arguments(case):
    calendar = Calendar.from_dict(VECTORS["calendars"][case["calendar"]])
    pauses = [(moment(since), moment(until)) for since, until in case["pauses"]]
    return calendar, moment(case["start"]), pauses


def test_all_the_vectors_are_run():
    assert (len(VECTORS["cases"]), len(VECTORS["cases_seconds"])) == (135, 3)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_due(case):
    target = case.get("target_seconds", 60 * case.get("target_minutes", 0))
    if case["expected_due"] == "error":
        with pytest.raises(NeverOpens):
            arguments(case)
        return
    calendar, start, pauses = arguments(case)

    assert due(calendar, start, target, pauses) == moment(case["expected_due"])


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if "elapsed" in c and c["expected_due"] != "error"],
    ids=lambda case: case["id"],
)
def test_elapsed(case):
    calendar, start, pauses = arguments(case)
    end, minutes = moment(case["elapsed"]["to"]), case["elapsed"]["expected_minutes"]

    assert elapsed(calendar, start, end, pauses) == 60 * minutes


@pytest.mark.parametrize("name", WORKING)
def test_calendars_survive_being_written(name):
    calendar = Calendar.from_dict(VECTORS["calendars"][name])

    written = calendar.to_dict()

    assert Calendar.from_dict(json.loads(json.dumps(written))) == calendar
