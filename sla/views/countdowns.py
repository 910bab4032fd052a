"""Clocks in the form that `ui/countdown.html` shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.enums import ClauseKind
from sla.models import Clock
from sla.queries import clocks as queries

_WARN, _BAD = 75, 90
_LONG = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One lead that waits: its next clock, the countdown, the share used (0-100)."""

    clock: Clock
    countdown: dict[str, Any]
    used: int
    what: str


def items(clocks: Sequence[Clock], *, at: datetime) -> list[Item]:
    """Return the clocks with what is left of each, in the given order."""
    return [_item(clock, at) for clock in clocks]


def _item(clock: Clock, at: datetime) -> Item:
    left = queries.countdown(clock, at=at)
    used = _used(left.left, left.target)
    since = _since(left.due_at, at)
    shown = {
        "due": left.due_at,
        "at": left.at,
        "left": left.left,
        "target": left.target,
        "open": json.dumps([[a.isoformat(), b.isoformat()] for a, b in left.opens]),
        "text": _("paused") if left.paused_until else since or _written(left.left),
        "since": since,
        "day": _day(left.due_at, at),
        "state": "paused" if left.paused_until else _state(left.left, used),
        "paused": left.paused_until is not None,
    }
    return Item(clock, shown, used, _what(clock))


def _what(clock: Clock) -> str:
    if clock.kind == ClauseKind.ACCEPTANCE:
        return _("accept or refuse")
    return _("first contact")


def _used(left: int, target: int) -> int:
    if target <= 0:
        return 100
    return max(0, min(100, round(100 * (target - left) / target)))


def _state(left: int, used: int) -> str:
    if left < 0:
        return "late"
    if used >= _BAD:
        return "bad"
    return "warn" if used >= _WARN else "ok"


def _written(left: int) -> str:
    minutes, _seconds = divmod(abs(left), 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return _("late %(time)s") % {"time": text} if left < 0 else text


def _since(due: datetime, at: datetime) -> str:
    """Say the day instead of the hours where it is long past."""
    if at - due < _LONG:
        return ""
    form = (
        "j\N{NO-BREAK SPACE}M"
        if timezone.localtime(due).year == at.year
        else "j\N{NO-BREAK SPACE}M\N{NO-BREAK SPACE}Y"
    )
    return _("late since %(day)s") % {"day": date_format(timezone.localtime(due), form)}


def _day(due: datetime, at: datetime) -> str:
    """Say the day where it is not today's."""
    local = timezone.localtime(due)
    if due < at or local.date() == timezone.localtime(at).date():
        return ""
    return f"{date_format(local, 'D')} {date_format(local, 'H:i')}"
