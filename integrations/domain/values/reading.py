from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file means what its cells do not say themselves.

    ``zone``: where its dates and times without offset were written down.
    ``country``: two letters; phone numbers without country code belong there.
    ``slashes``: which comes first in 05/03/2026; without it such dates are refused.
    ``decimal``: what separates decimals where a number could be read both ways
    (1,234 or 1.234); without it such numbers are refused. For text files only: the
    cells of a workbook that are numbers are written with a point.
    """

    zone: ZoneInfo = UTC
    country: str = ""
    slashes: Literal["", "day", "month"] = ""
    decimal: Literal["", ".", ","] = ""


UTC_READING = Reading()
