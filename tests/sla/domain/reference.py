"""Business time the slow way: step through it and look at the clock on the wall.

Written from the rules alone, on the written form of a calendar; shares no code with
the product. One step is a minute, or a second where ``step`` says so.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Slow:
    def __init__(self, form, step=MINUTE):
        self.zone = ZoneInfo(form["tz"])
        self.step = step
        self.weekly = {
            day: [(minutes(a), minutes(b)) for a, b in form["weekly"].get(day, [])]
            for day in WEEKDAYS
        }
        self.special = {
            date.fromisoformat(day): [(minutes(a), minutes(b)) for a, b in intervals]
            for day, intervals in form.get("special", {}).items()
        }
        self.holidays = {date.fromisoformat(day) for day in form.get("holidays", [])}

    def begins_on(self, day):
        return self.special.get(day, self.weekly[WEEKDAYS[day.weekday()]])

    def is_day_off(self, day):
        if day in self.special:
            return self.special[day] == []
        return day in self.holidays

    def is_open(self, instant):
        local = instant.astimezone(self.zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        if self.is_day_off(day):
            return False
        for begins, ends in self.begins_on(day):
            if minute >= begins and (minute < ends or ends <= begins):
                return True
        return any(
            ends <= begins and minute < ends
            for begins, ends in self.begins_on(day - timedelta(days=1))
        )

    def counts(self, instant, pauses=()):
        paused = any(
            since <= instant and (until is None or instant < until)
            for since, until in pauses
        )
        return not paused and self.is_open(instant)

    def elapsed(self, start: datetime, end: datetime, pauses=()):
        steps = (end - start) // self.step
        counted = sum(self.counts(start + n * self.step, pauses) for n in range(steps))
        return counted * (self.step // SECOND)

    def due_and_breach(self, start: datetime, target_seconds: int, pauses=()):
        """The first step with the target reached, and the one that would exceed it.

        Ends only if there is one.
        """
        due, left, instant = None, target_seconds // (self.step // SECOND), start
        while left >= 0:
            if left == 0 and due is None:
                due = instant
            left -= self.counts(instant, pauses)
            instant += self.step
        return due, instant - self.step


def minutes(text):
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
