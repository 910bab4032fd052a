import pytest

from sla.domain.calendar_form import WEEKDAYS
from sla.domain.overlaps import first_overlap, overlaps_within
from sla.domain.spans import Span, read_spans


def week(**days):
    return [read_spans(days.get(day, ()), day) for day in WEEKDAYS]


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"mon": [["09:00", "12:00"], ["12:00", "18:00"]]},
        {"mon": [["22:00", "06:00"]], "tue": [["06:00", "14:00"]]},
        {"sun": [["18:00", "02:00"]], "mon": [["02:00", "10:00"]]},
        {day: [["00:00", "24:00"]] for day in WEEKDAYS},
    ],
)
def test_intervals_may_touch(days):
    assert first_overlap(week(**days)) is None


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (
            {"wed": [["09:00", "12:30"], ["12:00", "18:00"]]},
            (2, Span(540, 750), Span(720, 1080)),
        ),
        (
            {"mon": [["22:00", "06:00"]], "tue": [["05:00", "14:00"]]},
            (1, Span(1320, 1800), Span(300, 840)),
        ),
        (
            {"sun": [["18:00", "02:00"]], "mon": [["01:59", "10:00"]]},
            (0, Span(1080, 1560), Span(119, 600)),
        ),
    ],
)
def test_the_day_on_which_two_overlap_is_named(days, found):
    assert first_overlap(week(**days)) == found


def test_the_intervals_of_one_special_day():
    spans = read_spans([["09:00", "11:00"], ["10:00", "12:00"]], "special")

    assert overlaps_within(spans) == (Span(540, 660), Span(600, 720))
    assert overlaps_within(spans[:1]) is None
