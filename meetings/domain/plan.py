from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.accounts.models import User


@dataclass(frozen=True)
class Plan:
    """When and how a series takes place; `meetings.models.Series` explains the fields.

    A side without a facilitator of its own is facilitated by whoever of it begins.
    """

    name: str
    weekday: int
    local_time: time
    time_zone: str
    first_on: date
    minutes: int = 45
    weeks: int = 1
    agenda_hours: int = 4
    first_side: str = "sales"
    sales_facilitator: "User | None" = None
    marketing_facilitator: "User | None" = None
