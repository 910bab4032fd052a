from zoneinfo import ZoneInfo

from django import template

from sla.models import Calendar
from sla.queries.explanations import Line
from sla.queries.holiday_names import holiday_name

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """Write seconds of business time as ``1:50:19``."""
    minutes, rest = divmod(abs(int(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


@register.simple_tag
def day_off(line: Line, calendar: Calendar) -> str:
    """Say why a closed day was closed, in the reader's language where it is known."""
    day = line.starts_at.astimezone(ZoneInfo(calendar.time_zone)).date()
    return holiday_name(calendar.country, day, line.name)
