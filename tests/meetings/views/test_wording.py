from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from meetings.forms import MoveForm, TopicForm
from meetings.views.wording import when

MONDAY = datetime(2018, 1, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", 2, "Wednesday 10:00"),
        ("ro", 2, "miercuri 10:00"),
        ("pl", 2, "środa 10:00"),
        ("ro", 9, "24 ianuarie 2018 10:00"),
        ("pl", 9, "24 stycznia 2018 10:00"),
    ],
)
def test_days_and_months_have_no_capital_inside_a_line(language, days, said):
    with translation.override(language), timezone.override(UTC):
        assert when(MONDAY + timedelta(days=days), MONDAY) == said


@pytest.mark.parametrize(
    ("language", "length", "due"),
    [("ro", "Minute", "Termen"), ("pl", "Minuty", "Termin")],
)
def test_minutes_of_time_are_not_those_of_a_meeting(language, length, due):
    with translation.override(language):
        assert str(TopicForm.base_fields["box_minutes"].label) == length
        assert str(MoveForm.base_fields["due_on"].label) == due


@pytest.mark.parametrize(("language", "said"), [("ro", "15 mai"), ("pl", "15 maja")])
def test_a_month_after_a_day_has_no_capital_either(language, said):
    with translation.override(language):
        assert date_format(datetime(2018, 5, 15, tzinfo=UTC), "j E") == said
