from datetime import date

import pytest

from alignment.views.today import _heading
from foundation.kernel.periods import Step, around

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("step", "heading"),
    [
        (Step.WEEK, "Week 47"),
        (Step.MONTH, "November 2026"),
        (Step.QUARTER, "Fourth quarter, week 8 of 14"),
        (Step.YEAR, "2026, week 47 of 53"),
    ],
)
def test_the_heading_says_how_far_the_period_has_come(step, heading):
    assert _heading(around(DAY, step), step, DAY) == heading


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "current"), [("", 2), ("week", 0), ("nonsense", 2)])
def test_the_period_is_in_the_address(client, sally, asked, current):
    client.force_login(sally)

    choices = client.get(f"/?per={asked}").context_data["choices"]

    assert [choice["current"] for choice in choices].index(True) == current


@pytest.mark.django_db
def test_both_teams_get_the_same_page(client, sally, mark):
    pages = []
    for person in (sally, mark):
        client.force_login(person)
        pages.append(client.get("/").context_data)

    for page in pages:
        page.pop("as_of")
    assert pages[0]["period"] == pages[1]["period"]
    assert pages[0]["heading"] == pages[1]["heading"]
