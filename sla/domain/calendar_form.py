"""The written form of a calendar, as files and the signed agreement hold it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from sla.domain.errors import WrongInput
from sla.domain.spans import Spans, read_spans, write_spans

if TYPE_CHECKING:
    from sla.domain.calendars import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = ("tz", "weekly", "holidays", "special", "holiday_names", "note")


class Parts(TypedDict):
    """What a calendar is made of."""

    tz: str
    weekly: tuple[Spans, ...]
    holidays: frozenset[date]
    special: tuple[tuple[date, Spans], ...]
    holiday_names: Mapping[date, str]
    note: str


def read(form: Mapping[str, Any]) -> Parts:
    """Read ``{"tz", "weekly", "holidays", "special", "holiday_names", "note"}``.

    A weekday left out is closed; only ``tz`` and ``weekly`` must be there.

    Raises:
        WrongInput: something is missing, unknown or malformed; the message names it.
    """
    form = _mapping(form, "calendar", KEYS)
    for key in ("tz", "weekly"):
        if key not in form:
            raise WrongInput(key, "is missing", "Give the calendar its " + key)
    return Parts(
        tz=_text(form["tz"], "tz"),
        weekly=_weekly(form["weekly"]),
        holidays=_days(form.get("holidays", ())),
        special=tuple(sorted(_dated(form.get("special"), "special", read_spans))),
        holiday_names=dict(_dated(form.get("holiday_names"), "holiday_names", _text)),
        note=_text(form.get("note", ""), "note"),
    )


def write(calendar: "Calendar") -> dict[str, Any]:
    """Return the form that ``read`` reads; what is empty and optional is left out."""
    form: dict[str, Any] = {
        "tz": calendar.tz,
        "weekly": dict(
            zip(WEEKDAYS, map(write_spans, calendar.weekly), strict=True),
        ),
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "special": {
            day.isoformat(): write_spans(spans) for day, spans in calendar.special
        },
        "holiday_names": {
            day.isoformat(): name
            for day, name in sorted(calendar.holiday_names.items())
        },
        "note": calendar.note,
    }
    optional = ("special", "holiday_names", "note")
    return {key: part for key, part in form.items() if part or key not in optional}


def _weekly(form: object) -> tuple[Spans, ...]:
    week = _mapping(form, "weekly", WEEKDAYS)
    return tuple(read_spans(week.get(day, ()), f"weekly.{day}") for day in WEEKDAYS)


def _days(form: object) -> frozenset[date]:
    if not isinstance(form, (list, tuple)):
        raise WrongInput(
            "holidays", f"{form!r} is no list of dates", 'Write ["2026-12-25"]'
        )
    return frozenset(_day(text, f"holidays[{n}]") for n, text in enumerate(form))


def _dated[T](
    form: object, place: str, read_value: Callable[[object, str], T]
) -> list[tuple[date, T]]:
    return [
        (_day(text, place), read_value(value, f"{place}.{text}"))
        for text, value in _mapping(form or {}, place).items()
    ]


def _day(text: object, place: str) -> date:
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise WrongInput(place, f"{text!r} is no date", "Write YYYY-MM-DD")
    return day


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise WrongInput(place, f"{value!r} is no text", "Put it in quotes")
    return value


def _mapping(
    form: object, place: str, known: tuple[str, ...] | None = None
) -> Mapping[str, Any]:
    if not isinstance(form, Mapping):
        raise WrongInput(place, f"{form!r} is no mapping", "Write names with values")
    unknown = [key for key in form if known is not None and key not in known]
    if known is not None and unknown:
        raise WrongInput(
            place, f"{unknown[0]!r} is not known", "Use " + ", ".join(known)
        )
    return form
