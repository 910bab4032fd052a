"""What addresses of meetings need: each returns the parts of a path.

The meetings take place now, because their addresses read the clock.
"""

from datetime import UTC, datetime, timedelta
from itertools import count

from foundation.accounts.enums import Role
from meetings.actions import records
from meetings.models import Meeting
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    current,
    make_action,
    make_decision,
    make_meeting,
    make_running,
    make_series,
    make_topic,
)

NOW = datetime.now(UTC)
_number = count(1)


def _name() -> str:
    """Two series cannot have one name, and the page tests make them all."""
    return f"Meeting {next(_number)}"


def _somebody(caller):
    return caller or make_user(Role.HEAD_OF_SALES)


def _running(caller) -> Meeting:
    """A meeting that began in time, as if a week ago."""
    return make_running(at=NOW - timedelta(days=14), by=_somebody(caller), name=_name())


def a_series(caller):
    return {"pk": make_series(at=NOW, name=_name()).pk}


def a_meeting(caller):
    return {"pk": make_meeting(at=NOW - timedelta(days=14), name=_name()).pk}


def a_running_meeting(caller):
    return {"pk": _running(caller).pk}


def an_item(caller):
    meeting = _running(caller)
    return {"pk": meeting.pk, "item": current(meeting).pk}


def a_topic(caller):
    meeting = make_meeting(at=NOW - timedelta(days=14), name=_name())
    return {"pk": meeting.pk, "item": make_topic(meeting, by=_somebody(caller)).pk}


def a_note(caller):
    meeting, by = _running(caller), _somebody(caller)
    at = meeting.starts_at + timedelta(minutes=1)
    note = records.write_note(current(meeting), "Said so.", by=by, at=at)
    return {"pk": meeting.pk, "record": note.pk}


def a_decision(caller):
    meeting = _running(caller)
    decision = make_decision(meeting, by=_somebody(caller))
    return {"pk": meeting.pk, "record": decision.pk}


def an_action_of_now(caller):
    meeting = _running(caller)
    action = make_action(meeting, by=_somebody(caller))
    return {"pk": meeting.pk, "record": action.pk}


def an_action(caller):
    meeting, by = _running(caller), _somebody(caller)
    return {"pk": make_action(meeting, by=by).pk}
