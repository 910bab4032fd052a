"""Intervals of one local day's wall clock, in minutes after its midnight."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sla.domain.errors import WrongInput

DAY = 24 * 60
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class Span(NamedTuple):
    """Open from ``opens`` until just before ``closes``, minutes after midnight.

    ``closes`` is up to 24 hours after ``opens``; above 1440 it lies in the next day.
    """

    opens: int
    closes: int


type Spans = tuple[Span, ...]


def read_spans(form: object, place: str) -> Spans:
    """Read ``[["09:00", "12:30"], ["22:00", "06:00"]]``, in order, without doubles.

    ``"24:00"`` ends a day. An end at or before its beginning lies in the next day, so
    that equal times are 24 hours.

    Raises:
        WrongInput: ``form`` is something else; ``place`` leads the message.
    """
    if not isinstance(form, (list, tuple)):
        raise WrongInput(
            place, f"{form!r} is no list of intervals", 'Write [["09:00", "17:00"]]'
        )
    return tuple(
        sorted({_read_span(pair, f"{place}[{n}]") for n, pair in enumerate(form)})
    )


def write_spans(spans: Spans) -> list[list[str]]:
    """Return the form that ``read_spans`` reads."""
    return [[_write_time(span.opens), _write_time(span.closes)] for span in spans]


def union(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what overlaps or touches; the result is in order and apart."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _read_span(pair: object, place: str) -> Span:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise WrongInput(
            place, f"{pair!r} is no interval", 'Write ["09:00", "17:00"], from and to'
        )
    opens, closes = (_read_time(text, place) for text in pair)
    if opens == DAY:
        raise WrongInput(
            place, "an interval begins at 24:00", "Write 00:00 on the next weekday"
        )
    return Span(opens, closes if closes > opens else closes + DAY)


def _read_time(text: object, place: str) -> int:
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise WrongInput(
            place, f"{text!r} is no time of day", "Write HH:MM from 00:00 to 24:00"
        )
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _write_time(minutes: int) -> str:
    if minutes > DAY:
        minutes -= DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"
