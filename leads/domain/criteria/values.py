"""Read the values that conditions compare with, each by its operator's kind."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from leads.domain.criteria.fields import Field, Takes, folded

MOST_DAYS = 3_650
MOST_VALUES = 500
LONGEST_TEXT = 200
LARGEST_NUMBER = 2**31 - 1
LARGEST_ID = 2**63 - 1
COUNTRY = "^[A-Za-z]{2}$"
DAY = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""A day of a century in which every time zone can tell when it begins."""
CONTROL = r"[\u0000-\u001f\u007f]"
WRITTEN = (
    r"[^\u0000-\u0020\u007f\u0085\u00a0\u1680\u2000-\u200a"
    r"\u2028\u2029\u202f\u205f\u3000]"
)
"""A character that is no space: without one a text is blank."""
_PAIR = 2


class Wrong(Exception):
    """A value cannot be read: a code of `leads.validators.SENTENCES` and its values."""

    def __init__(self, code: str, **params: Any) -> None:  # noqa: ANN401 -- of sentences
        super().__init__(code)
        self.code, self.params = code, params


def text(value: Any) -> str:  # noqa: ANN401
    """Return a trimmed text."""
    if not isinstance(value, str):
        raise Wrong("not_a_text")
    if not value.strip():
        raise Wrong("blank")
    if len(value) > LONGEST_TEXT:
        raise Wrong("too_long", most=LONGEST_TEXT)
    if re.search(CONTROL, value):
        raise Wrong("control_character")
    return value.strip()


def texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return texts as they are compared, each once."""
    return tuple(dict.fromkeys(folded(text(each)) for each in several(value)))


def several(value: Any) -> list[Any]:  # noqa: ANN401
    """Return a list with something in it."""
    if not isinstance(value, list):
        raise Wrong("not_a_list")
    if not value:
        raise Wrong("no_values")
    if len(value) > MOST_VALUES:
        raise Wrong("too_many_values", most=MOST_VALUES)
    return value


def whole(value: Any, least: int, most: int) -> int:  # noqa: ANN401
    """Return a whole number within its bounds; JSON may write 3 as 3.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong("not_a_number")
    if not least <= value <= most:
        raise Wrong("out_of_range", least=least, most=most)
    return value


def pair(value: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return two numbers, the smaller one first."""
    if not isinstance(value, list) or len(value) != _PAIR:
        raise Wrong("not_a_pair")
    low, high = (whole(each, 0, LARGEST_NUMBER) for each in value)
    if low > high:
        raise Wrong("wrong_order")
    return low, high


def day(value: Any) -> date:  # noqa: ANN401
    """Return a day."""
    try:
        if isinstance(value, str) and re.fullmatch(DAY, value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong("not_a_day")


def flag(value: Any) -> bool:  # noqa: ANN401
    """Return yes or no."""
    if not isinstance(value, bool):
        raise Wrong("not_a_flag")
    return value


def country(value: Any) -> str:  # noqa: ANN401
    """Return the two letters of a country."""
    if not isinstance(value, str) or not re.fullmatch(COUNTRY, value):
        raise Wrong("not_a_country")
    return value.upper()


def references(value: Any) -> tuple[int, ...]:  # noqa: ANN401
    """Return ids, each once."""
    ids = (whole(each, 1, LARGEST_ID) for each in several(value))
    return tuple(dict.fromkeys(ids))


def choice(value: Any, words: tuple[str, ...]) -> str:  # noqa: ANN401
    """Return one of the words there are."""
    if not isinstance(value, str) or value not in words:
        raise Wrong("unknown_choice", allowed=", ".join(words))
    return value


def choices(value: Any, words: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ANN401
    """Return some of the words there are, each once."""
    return tuple(dict.fromkeys(choice(each, words) for each in several(value)))


VALUES: dict[Takes, Callable[[Any, Field], Any]] = {
    Takes.TEXT: lambda value, _: folded(text(value)),
    Takes.TEXTS: lambda value, _: texts(value),
    Takes.NUMBER: lambda value, _: whole(value, 0, LARGEST_NUMBER),
    Takes.PAIR: lambda value, _: pair(value),
    Takes.DAY: lambda value, _: day(value),
    Takes.DAYS: lambda value, _: whole(value, 0, MOST_DAYS),
    Takes.FLAG: lambda value, _: flag(value),
    Takes.COUNTRY: lambda value, _: country(value),
    Takes.COUNTRIES: lambda value, _: tuple(
        dict.fromkeys(country(each) for each in several(value))
    ),
    Takes.CHOICE: lambda value, field: choice(value, field.choices),
    Takes.CHOICES: lambda value, field: choices(value, field.choices),
    Takes.REFERENCES: lambda value, _: references(value),
}
