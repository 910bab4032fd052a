"""Phone numbers as E.164.

`phonenumbers` takes some 50 microseconds for a number, too long for a hundred thousand.
A number that is plainly written and fits its country's pattern as it stands comes out
of that library unchanged, so it need not go in; all others do.
"""

import re
from dataclasses import dataclass
from functools import cache

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    country_code_for_region,
    format_number,
    is_possible_number,
    parse,
)

from integrations.domain.problems import BadValue
from integrations.domain.values.columns import Parser

_PUNCTUATION = str.maketrans("", "", " ()./-\u00a0\u2011\u2013")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_NATIONAL = re.compile(r"\d{4,15}", re.ASCII)
_LONGEST_COUNTRY_CODE = 3
_LONGEST_TEXT = 60


def phone_reader(country: str = "") -> Parser[str]:
    """Read a phone number as E.164; an extension is left out.

    Without country code it belongs to ``country`` (two letters).

    Raises:
        BadValue: not a possible number, or no country to place it in.
    """
    code = country_code_for_region(country) if country else 0

    def read(text: str) -> str:
        digits = text.translate(_PUNCTUATION)
        plain = _international(digits) or (code and _national(digits, code))
        return plain or _parsed(text, country)

    return read


@dataclass(frozen=True, slots=True)
class _Rules:
    """How the numbers of a country are written at home."""

    prefix: str
    pattern: re.Pattern[str]


def _international(digits: str) -> str | None:
    if not _INTERNATIONAL.fullmatch(digits):
        return None
    for end in range(2, _LONGEST_COUNTRY_CODE + 2):
        if rules := _rules(int(digits[1:end])):
            return digits if rules.pattern.fullmatch(digits, end) else None
    return None


def _national(digits: str, code: int) -> str | None:
    rules = _rules(code)
    if not rules or not _NATIONAL.fullmatch(digits):
        return None
    number = digits.removeprefix(rules.prefix)
    return f"+{code}{number}" if rules.pattern.fullmatch(number) else None


@cache
def _rules(code: int) -> _Rules | None:
    """Return the rules of a country whose numbers need no others, else None."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    about = PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
    general = about.general_desc if about else None
    if not about or not general or about.national_prefix_transform_rule:
        return None
    prefix, parsing = about.national_prefix or "", about.national_prefix_for_parsing
    if prefix != (parsing or ""):
        return None
    # A leading zero, or digits that may be the prefix, need the library's care.
    careful = f"(?!0|{prefix})" if prefix else "(?!0)"
    return _Rules(prefix, re.compile(f"{careful}(?:{general.national_number_pattern})"))


def _parsed(text: str, country: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise BadValue("not_a_phone")
    dialled = text
    if not country and text.startswith("00"):
        dialled = "+" + text[2:]
    try:
        number = parse(dialled, country or None)
    except NumberParseException as error:
        lacks = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        code = "phone_without_country" if lacks else "not_a_phone"
        raise BadValue(code) from error
    if not is_possible_number(number):
        raise BadValue("not_a_phone")
    return format_number(number, PhoneNumberFormat.E164)
