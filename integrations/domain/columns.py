"""The reader of a column, by the type of its target."""

from collections.abc import Callable, Sequence

from integrations.domain.kinds import Target, Type
from integrations.domain.values import (
    Cells,
    Column,
    Reading,
    Texts,
    Value,
    amount_reader,
    choice_reader,
    count_reader,
    day_reader,
    line_reader,
    moment_reader,
    parse_country,
    parse_currency,
    parse_domain,
    parse_email,
    parse_flag,
    parse_language,
    phone_reader,
    rate_reader,
    text_reader,
)
from integrations.domain.values.columns import Parser

MONEY_PLACES = 2
RATE_PLACES = 8


def column_of(target: Target, reading: Reading, default: str = "") -> Column:
    """Return what reads the cells of a target's column.

    ``default`` is the text read in place of a blank cell; the caller has made sure that
    it can be read.
    """
    parse = _PARSERS[target.type](target, reading)
    blank = Cells(parse).read([default])[0]
    if target.type == Type.LINE:
        return Texts(parse, target.limit, blank)
    return Cells(parse, blank)


class Constant:
    """A target without a column: the same value in every row."""

    def __init__(self, column: Column) -> None:
        self._value = column.read([""])[0]

    def read(self, texts: Sequence[str]) -> list[Value]:
        """Return the value once for each text."""
        return [self._value] * len(texts)


_PARSERS: dict[Type, Callable[[Target, Reading], Parser[Value]]] = {
    Type.LINE: lambda target, _: line_reader(target.limit),
    Type.TEXT: lambda target, _: text_reader(target.limit),
    Type.EMAIL: lambda _, __: parse_email,
    Type.PHONE: lambda _, reading: phone_reader(reading.country),
    Type.DOMAIN: lambda _, __: parse_domain,
    Type.MOMENT: lambda _, reading: moment_reader(reading),
    Type.DAY: lambda _, reading: day_reader(reading),
    Type.AMOUNT: lambda target, reading: amount_reader(
        MONEY_PLACES, below=target.below, sign=target.sign, decimal=reading.decimal
    ),
    Type.RATE: lambda target, _: rate_reader(RATE_PLACES, below=target.below),
    Type.COUNT: lambda target, reading: count_reader(
        below=target.below, decimal=reading.decimal
    ),
    Type.FLAG: lambda _, __: parse_flag,
    Type.CHOICE: lambda target, _: choice_reader(target.choices),
    Type.COUNTRY: lambda _, __: parse_country,
    Type.CURRENCY: lambda _, __: parse_currency,
    Type.LANGUAGE: lambda _, __: parse_language,
}
