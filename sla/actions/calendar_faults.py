"""What is wrong with hours, said in the reader's words and naming the place."""

from datetime import date

from django.utils.dates import WEEKDAYS as NAMES
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.kernel.errors import Invalid
from sla.domain.calendar_form import WEEKDAYS
from sla.domain.calendars import Calendar
from sla.domain.errors import BusinessTimeError, NeverOpens
from sla.domain.overlaps import first_overlap, overlaps_within
from sla.domain.spans import Span, write_spans

_TO = "\N{EN DASH}"


def said(error: BusinessTimeError) -> str:
    """Say what cannot be counted with; programs' mistakes of form stay in English."""
    if isinstance(error, NeverOpens):
        return _("These hours never open. Give at least one weekday some.")
    if error.place == "tz":
        return _("There is no such time zone. Write one like Europe/Bucharest.")
    if error.place == "country":
        return _("The holidays of this country are not known.")
    return str(error)


def refuse_overlaps(hours: Calendar, refusal: type[Invalid]) -> None:
    """Refuse hours that are open twice at the same time.

    Raises:
        Invalid: of the given class; its field is the weekday or the special day.
    """
    found = first_overlap(hours.weekly)
    if found is not None:
        place, one, other = found
        message = _pair(str(NAMES[place]), one, other)
        raise refusal(message, field=f"weekly.{WEEKDAYS[place]}")
    for day, spans in hours.special:
        pair = overlaps_within(spans)
        if pair is not None:
            message = _pair(_named(day), *pair)
            raise refusal(message, field=f"special.{day.isoformat()}")


def _pair(day: str, one: Span, other: Span) -> str:
    told = {"day": day, "one": _written(one), "other": _written(other)}
    return _("%(day)s: %(one)s and %(other)s overlap.") % told


def _named(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _written(span: Span) -> str:
    opens, closes = write_spans((span,))[0]
    return f"{opens}{_TO}{closes}"
