"""When people work: in the hours of their team, else in everybody's."""

from collections.abc import Mapping
from datetime import datetime

from foundation.accounts.models import User
from sla.domain.instants import to_instant, to_seconds
from sla.queries import terms

_MICROSECOND = 1_000_000


def openings(moments: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return the earliest moment in each person's hours, from the one given on.

    A moment at which the person works is returned as it is. Where there are no hours at
    all everybody works always. Two statements.
    """
    agreed = terms.current()
    people = User.objects.filter(pk__in=moments).values_list("pk", "team_id")
    found = {}
    for person, team in people:
        moment = moments[person]
        try:
            began = int(moment.timestamp() * _MICROSECOND)
            held = agreed.calendar(team, began, person=person)
        except LookupError:
            continue
        begin = to_seconds(moment)
        opens = held.hours.earliest(begin, 1) - 1
        found[person] = to_instant(opens) if opens > begin else moment
    return found
