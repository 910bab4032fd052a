"""Texts into values: each reader takes a trimmed text or raises `BadValue`."""

from integrations.domain.values.addresses import parse_domain, parse_email
from integrations.domain.values.codes import (
    parse_country,
    parse_currency,
    parse_language,
)
from integrations.domain.values.columns import Cells, Column, Texts, Value, is_bad
from integrations.domain.values.instants import day_reader, moment_reader
from integrations.domain.values.numbers import (
    Sign,
    amount_reader,
    count_reader,
    rate_reader,
)
from integrations.domain.values.phones import phone_reader
from integrations.domain.values.reading import Reading
from integrations.domain.values.texts import line_reader, text_reader
from integrations.domain.values.words import choice_reader, parse_flag

__all__ = [
    "Cells",
    "Column",
    "Reading",
    "Sign",
    "Texts",
    "Value",
    "amount_reader",
    "choice_reader",
    "count_reader",
    "day_reader",
    "is_bad",
    "line_reader",
    "moment_reader",
    "parse_country",
    "parse_currency",
    "parse_domain",
    "parse_email",
    "parse_flag",
    "parse_language",
    "phone_reader",
    "rate_reader",
    "text_reader",
]
