"""How a figure is written for people, by unit and language: everywhere the same."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, pgettext

from foundation.kernel.periods import Period
from kpis.enums import Unit

GAP = "\u00a0"
"""Keeps a figure and its unit on one line."""

NONE = "\u2013"
"""What stands where there is no value: a dash."""

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "PLN": "zł", "RON": "lei", "CZK": "Kč"}
_MILLION = Decimal(1_000_000)
_WHOLE_FROM = 1_000
_HOUR = 60
_HOURS_WHOLE_FROM = 10 * _HOUR


def written(
    number: Decimal | int | None, unit: str, *, currency: str = "", fine: bool = False
) -> str:
    """Write a figure as people read it; nothing where there is no value.

    Shares are percentages, money stands with its currency, business time in hours and
    minutes. ``fine`` keeps one place of a percentage that would lose it (retention).
    """
    if number is None:
        return ""
    number = Decimal(number)
    if unit == Unit.RATIO:
        return percent(number, fine=fine)
    if unit == Unit.MONEY:
        return money(number, currency)
    if unit == Unit.DAYS:
        return days(number)
    if unit == Unit.BUSINESS_MINUTES:
        return minutes(number)
    return grouped(number, 0)


def grouped(number: Decimal | int, places: int = 0) -> str:
    """Write a number with the language's separators, rounded half-up."""
    exact = Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("-", "\u2212", 1)


def percent(share: Decimal, *, fine: bool = False) -> str:
    """Write a share: 41 %, below a tenth 4.1 %, below a hundredth 0.41 %."""
    number = abs(share * 100)
    places = 2 if 0 < number < 1 else int(fine or 0 < number < 10)
    return f"{grouped(share * 100, places)}{GAP}%"


def money(amount: Decimal, currency: str) -> str:
    """Write an amount: cents below a thousand, millions shortened."""
    if abs(amount) >= _MILLION:
        text = pgettext("millions", "%(n)s m") % {"n": grouped(amount / _MILLION, 2)}
        text = text.replace(" ", GAP)
    else:
        text = grouped(amount, 0 if abs(amount) >= _WHOLE_FROM or not amount else 2)
    return _with_currency(text, currency)


def money_exact(amount: Decimal, currency: str) -> str:
    """Write an amount with its cents."""
    return _with_currency(grouped(amount, 2), currency)


def _with_currency(text: str, currency: str) -> str:
    parts = {"symbol": _SYMBOLS.get(currency, currency), "amount": text}
    said = pgettext("money", "%(symbol)s %(amount)s") % parts
    return said.replace(" ", GAP)


def days(number: Decimal) -> str:
    """Write a number of days, with one place below ten."""
    if number >= 10 or number == int(number):
        whole = int(number.quantize(Decimal(1), ROUND_HALF_UP))
        text = ngettext("%(n)s day", "%(n)s days", whole) % {"n": grouped(whole)}
    else:
        text = pgettext("with a fraction", "%(n)s days") % {"n": grouped(number, 1)}
    return text.replace(" ", GAP)


def minutes(number: Decimal) -> str:
    """Write a number of (business) minutes as hours and minutes."""
    whole = int(number.quantize(Decimal(1), ROUND_HALF_UP))
    hours, rest = divmod(whole, _HOUR)
    if not hours:
        text = gettext("%(n)s min") % {"n": rest}
    elif whole >= _HOURS_WHOLE_FROM or not rest:
        text = gettext("%(n)s h") % {"n": grouped(Decimal(whole) / _HOUR)}
    else:
        text = gettext("%(h)s h %(m)s min") % {"h": hours, "m": rest}
    return text.replace(" ", GAP)


def day(moment: date) -> str:
    """Write a date of the calendar."""
    return str(date_format(moment, "DATE_FORMAT"))


def period_name(period: Period) -> str:
    """Say which period it is: a week, month, quarter, year, or from when to when."""
    label, first = period.label, period.first
    if label == "all":
        return gettext("all time")
    if "/" in label or label.startswith("FY"):
        return _range(period)
    if "-W" in label:
        year, week, _ = first.isocalendar()
        return gettext("week %(week)s of %(year)s") % {"week": week, "year": year}
    if "-Q" in label:
        place = {"quarter": (first.month + 2) // 3, "year": first.year}
        return gettext("quarter %(quarter)s of %(year)s") % place
    return _named(period)


def _named(period: Period) -> str:
    """Name a day, a month or a year."""
    if period.days == 1:
        return day(period.first)
    is_month = len(period.label) == len("2026-04")
    form = "F Y" if is_month else "Y"
    return str(date_format(period.first, form))


def _range(period: Period) -> str:
    ends = {"first": day(period.first), "last": day(period.last)}
    return gettext("%(first)s to %(last)s") % ends


def period_short(period: Period) -> str:
    """Name a period under a bar, where there is little room."""
    label = period.label
    if "-W" in label:
        return pgettext("week", "W%(week)s") % {"week": int(label[-2:])}
    if len(label) == len("2026-04"):
        return str(date_format(period.first, "M y"))
    if "/" in label:
        return str(date_format(period.first, "j M"))
    return label
