"""The moment at which a lead is judged, and what its path said then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

STAMPED = ("source", "campaign", "segment", "country", "owner")
"""Values that every stage change is stamped with."""


@dataclass(frozen=True)
class Moment:
    """When a lead is judged.

    ``stage`` is where it stood until then, since ``stage_since_at``. ``stamp`` holds
    the `STAMPED` values of the stage change of that moment; None where there is none.
    """

    lead_id: int
    at: datetime
    stage: str
    stage_since_at: datetime
    stamp: Mapping[str, str | int | None] | None = None
