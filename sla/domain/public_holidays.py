from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays

from sla.domain.errors import WrongInput

ENGLISH = "en"


def public_holidays(
    country: str, years: Iterable[int], language: str = ENGLISH
) -> dict[date, str]:
    """Return the public holidays of a country with their names, in order of date.

    Dates follow the law as the ``holidays`` library knows it in its pinned version, so
    a calendar stores them and does not ask again.

    Args:
        country: ISO 3166 code of two letters, ``RO`` or ``PL``.
        years: which calendar years; years to come are needed for open clocks.
        language: of the names, as ``ro``, ``pl`` or ``en_US``. Where the country's
            list has no such language the names are English, else its own.

    Raises:
        WrongInput: the library knows no such country.
    """
    try:
        listed = holidays.country_holidays(country)
    except NotImplementedError:
        raise WrongInput(
            "country", f"{country!r} is not known", "Use a code such as RO or PL"
        ) from None
    dated = holidays.country_holidays(
        country,
        years=sorted(set(years)),
        language=_offered(listed.supported_languages, language),
    )
    return dict(sorted(dated.items()))


def counterpart(country: str, day: date, name: str, language: str) -> str | None:
    """Return what a holiday written down as ``name`` is called in another language.

    Args:
        country: whose law made the day free.
        day: its local date.
        name: as it was written down, in whichever language.
        language: ``ro``, ``pl`` or ``en``.

    Returns:
        None where the library has no such language, or where the name is not one that
        it knows for this day: then somebody else gave it, and it stays as it is.
    """
    names = _in_all_languages(country, day.year).get(day, {})
    if name not in names.values():
        return None
    return names.get(language)


@cache
def _in_all_languages(country: str, year: int) -> dict[date, dict[str, str]]:
    """Return the names of a year's holidays by language, ``en_US`` as ``en``."""
    found: dict[date, dict[str, str]] = {}
    listed = holidays.country_holidays(country)
    for language in listed.supported_languages or ():
        dated = holidays.country_holidays(country, years=year, language=language)
        for day, name in dated.items():
            found.setdefault(day, {})[language.partition("_")[0]] = name
    return found


def _offered(supported: tuple[str, ...], language: str) -> str | None:
    """Return the first listed language that fits, ``en`` standing for ``en_US``."""
    for wanted in (language.replace("-", "_"), ENGLISH):
        for name in supported:
            if name == wanted or name.startswith(wanted + "_"):
                return name
    return None
