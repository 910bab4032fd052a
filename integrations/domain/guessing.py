"""What a file's own cells tell of how it was written."""

import re
from collections.abc import Iterable
from typing import Literal

_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\b", re.ASCII)
_MONTHS = 12


def slashes_in(texts: Iterable[str]) -> Literal["", "day", "month"]:
    """Tell what comes first in dates like 05/03/2026, where the cells leave no doubt.

    One date whose first number is above twelve decides for the day, one whose second
    number is for the month; none, or both, leave it open.
    """
    found = [match for text in texts if (match := _SLASHED.match(text))]
    day = any(int(match[1]) > _MONTHS for match in found)
    month = any(int(match[2]) > _MONTHS for match in found)
    if day == month:
        return ""
    return "day" if day else "month"
