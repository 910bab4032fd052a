"""Public holidays in the reader's language.

A calendar keeps the names that were agreed; here they are said in the language of who
reads, where the translation is known: from the library that lists the days, else from
our own words for those of Romania and Poland.
"""

from datetime import date

from django.utils.translation import get_language, pgettext_lazy

from sla.domain.public_holidays import ENGLISH, counterpart

_BETWEEN = "; "
_OURS = {
    "All Saints' Day": pgettext_lazy("public holiday", "All Saints' Day"),
    "Assumption Day": pgettext_lazy("public holiday", "Assumption Day"),
    "Children's Day": pgettext_lazy("public holiday", "Children's Day"),
    "Christmas Day": pgettext_lazy("public holiday", "Christmas Day"),
    "Christmas Eve": pgettext_lazy("public holiday", "Christmas Eve"),
    "Corpus Christi": pgettext_lazy("public holiday", "Corpus Christi"),
    "Dormition of the Mother of God": pgettext_lazy(
        "public holiday", "Dormition of the Mother of God"
    ),
    "Easter": pgettext_lazy("public holiday", "Easter"),
    "Easter Monday": pgettext_lazy("public holiday", "Easter Monday"),
    "Easter Sunday": pgettext_lazy("public holiday", "Easter Sunday"),
    "Epiphany": pgettext_lazy("public holiday", "Epiphany"),
    "Good Friday": pgettext_lazy("public holiday", "Good Friday"),
    "Labor Day": pgettext_lazy("public holiday", "Labor Day"),
    "National Day": pgettext_lazy("public holiday", "National Day"),
    "National Day of the Third of May": pgettext_lazy(
        "public holiday", "National Day of the Third of May"
    ),
    "National Independence Day": pgettext_lazy(
        "public holiday", "National Independence Day"
    ),
    "New Year's Day": pgettext_lazy("public holiday", "New Year's Day"),
    "Pentecost": pgettext_lazy("public holiday", "Pentecost"),
    "Saint Andrew's Day": pgettext_lazy("public holiday", "Saint Andrew's Day"),
    "Saint John the Baptist": pgettext_lazy("public holiday", "Saint John the Baptist"),
    "Second Day of Christmas": pgettext_lazy(
        "public holiday", "Second Day of Christmas"
    ),
    "Unification of the Romanian Principalities Day": pgettext_lazy(
        "public holiday", "Unification of the Romanian Principalities Day"
    ),
}
"""By the library's English name; several holidays on one day are joined by it."""


def holiday_name(country: str, day: date, name: str) -> str:
    """Return the name as the reader's language has it, else as it was written down.

    Args:
        country: of the calendar; blank where it has no public holidays.
        day: the local date.
        name: as the calendar keeps it; a day off that people named is left alone.
    """
    if not country or not name:
        return name
    known = counterpart(country, day, name, (get_language() or ENGLISH)[:2])
    if known is not None:
        return known
    parts = (counterpart(country, day, name, ENGLISH) or "").split(_BETWEEN)
    if not all(part in _OURS for part in parts):
        return name
    return _BETWEEN.join(str(_OURS[part]) for part in parts)
