"""The world's currencies, countries and time zones, as far as settings name them."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from django.utils.translation import get_language

from foundation.kernel.country_names import LANGUAGES, TABLE

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD
    BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
    IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
    OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 -- a table, not a hundred strings
)
"""ISO 4217, currencies in circulation."""


@cache
def countries() -> frozenset[str]:
    """Return the two-letter codes of ISO 3166-1."""
    text = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(line[:2] for line in lines)


def country_name(code: str) -> str:
    """Return what the reader's language calls a country; an unknown code as it is."""
    language = (get_language() or LANGUAGES[0])[:2]
    return _country_names(language).get(code, code)


@cache
def _country_names(language: str) -> dict[str, str]:
    """Return the names by two-letter code; English where there is no such language."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    rows = (line.split(" ", 2) for line in TABLE.splitlines())
    return {two: names.split("|")[place] for two, _three, names in rows}


@cache
def time_zones() -> frozenset[str]:
    """Return the names of the IANA time zones that this machine knows."""
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}
