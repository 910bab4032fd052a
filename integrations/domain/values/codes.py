"""Cells that hold a code of a standard: country, language, currency."""

import re
from functools import cache

from foundation.kernel.country_names import ALSO, TABLE
from integrations.domain.problems import BadValue
from integrations.domain.values.columns import cut
from integrations.domain.values.folding import folded

# ISO 4217, in use or so lately that histories name them.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD
BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB
EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR
ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
# Signs and words that mean one currency only; “$” and “kr” mean several.
_CURRENCY_WORDS = {
    **dict.fromkeys(("€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("lei", "leu"), "RON"),
    **dict.fromkeys(("zł", "zl", "złoty", "złotych"), "PLN"),
    **dict.fromkeys(("£",), "GBP"),
}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}|[a-z]{4}|\d{3}))?", re.IGNORECASE)


def parse_currency(text: str) -> str:
    """Read a currency as its three letters.

    Raises:
        BadValue: no code of ISO 4217 in use, nor a sign that means one currency only.
    """
    code = _CURRENCY_WORDS.get(text.casefold(), text.upper())
    if code not in CURRENCIES:
        raise BadValue("unknown_currency", text=cut(text))
    return code


def parse_country(text: str) -> str:
    """Read a country as its two letters, from a code or an everyday name.

    Names may be English, Romanian or Polish; case and accents do not matter.

    Raises:
        BadValue: neither.
    """
    try:
        return _countries()[folded(text)]
    except KeyError as error:
        raise BadValue("unknown_country", text=cut(text)) from error


def parse_language(text: str) -> str:
    """Read a language code such as ``ro`` or ``pt-BR``; the region is upper case.

    Raises:
        BadValue: not of that form.
    """
    match = _LANGUAGE.fullmatch(text)
    if not match:
        raise BadValue("unknown_language", text=cut(text))
    language, region = match[1].lower(), match[2]
    return f"{language}-{region.upper()}" if region else language


@cache
def _countries() -> dict[str, str]:
    """Return every code and name, folded, with the country's two letters."""
    known: dict[str, str] = {}
    for line in TABLE.splitlines():
        two, three, names = line.split(" ", 2)
        words = [two, three, *names.split("|"), *ALSO.get(two, two).split("|")]
        known.update(dict.fromkeys(map(folded, words), two))
    return known
