"""Time boxes as `ui/countdown.html` shows them."""

import json
from datetime import datetime, timedelta
from typing import Any

from meetings.models import AgendaItem, Meeting

_DAY = timedelta(days=1)


def of_item(item: AgendaItem, at: datetime) -> dict[str, Any]:
    """Return what is left of an item's time box; it runs while it is talked about."""
    box = timedelta(minutes=item.box_minutes)
    return _timer(box, item.spent(at), at, runs=item.begun_at is not None)


def of_meeting(meeting: Meeting, at: datetime) -> dict[str, Any]:
    """Return what is left of the planned minutes of a running meeting."""
    spent = at - (meeting.started_at or at)
    return _timer(timedelta(minutes=meeting.minutes), spent, at, runs=True)


def _timer(
    box: timedelta, spent: timedelta, at: datetime, *, runs: bool
) -> dict[str, Any]:
    left = box - spent
    span = [[at.isoformat(), (at + _DAY).isoformat()]] if runs else []
    return {
        "due": at + left,
        "at": at,
        "left": int(left.total_seconds()),
        "target": int(box.total_seconds()),
        "open": json.dumps(span),
        "text": _clock(left),
        "state": _state(left, box),
        "paused": not runs,
    }


def _clock(left: timedelta) -> str:
    minutes, seconds = divmod(abs(int(left.total_seconds())), 60)
    sign = "-" if left < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _state(left: timedelta, box: timedelta) -> str:
    if left < timedelta():
        return "late"
    used = 1 - left / box
    return "bad" if used >= 0.9 else "warn" if used >= 0.75 else "ok"
