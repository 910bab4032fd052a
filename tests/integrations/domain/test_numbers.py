from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.domain.problems import BadValue
from integrations.domain.values import amount_reader, count_reader, rate_reader
from tests.integrations.domain.files import told

BELOW = 10**12
amount = amount_reader(2, below=BELOW)


def refusal(parse, text):
    with pytest.raises(BadValue) as refused:
        parse(text)
    return told(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("12", "12"),
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567,5", "1234567.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1\u2019234\u2019567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("12,5", "12.5"),
        ("12.5000", "12.50"),
        ("1234,500", "1234.50"),
        ("0,500", "0.50"),
        ("-1 234,56", "-1234.56"),
        ("- 5", "-5"),
        ("\u22125", "-5"),
        ("+5", "5"),
        ("007", "7"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_amounts_as_people_write_them(text, value):
    assert amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            (text, "ambiguous_number")
            for text in ("1,234", "1.234", "-12.345", "999,000")
        ),
        *((text, "not_a_number") for text in ("abc", "12 €", "1e5", "NaN", "Infinity")),
        *((text, "not_a_number") for text in ("-", "1 23", "1.23.45", "1,2,3", "(5)")),
        *((text, "not_a_number") for text in ("1 234 5", "12 34,5", ".5", "5.", "٣")),
        *((text, "not_a_number") for text in ("0x10", "1_000", "--5", "1,234,56")),
        ("12.345678", "too_many_decimals"),
        ("0.125", "too_many_decimals"),
        ("1234.567", "too_many_decimals"),
        ("1000000000000", "number_too_large"),
        ("-1000000000000", "number_too_large"),
        ("9" * 400, "number_too_large"),
    ],
)
def test_what_is_no_amount(text, code):
    assert refusal(amount, text) == code


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [("1,234", None, "1234"), ("1.234", "1234", None), ("1,230", "1.23", "1230")],
)
def test_the_file_may_say_what_separates_decimals(text, comma, point):
    for decimal, value in ((",", comma), (".", point)):
        read = amount_reader(2, below=BELOW, decimal=decimal)
        if value is None:
            assert refusal(read, text) == "too_many_decimals"
        else:
            assert read(text) == Decimal(value)


def test_what_can_be_read_one_way_only_is_read_that_way_whatever_the_file_says():
    assert amount_reader(2, below=BELOW, decimal=",")("12.50") == Decimal("12.50")
    assert amount_reader(2, below=BELOW, decimal=".")("12,50") == Decimal("12.50")


@settings(max_examples=300, deadline=None)
@given(
    value=st.decimals(-BELOW + 1, BELOW - 1, places=2),
    style=st.sampled_from(
        [(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u00a0", ",")]
    ),
)
def test_amounts_in_every_style_are_read_back(value, style):
    group, decimal = style
    text = f"{value:,.2f}".translate({ord(","): group, ord("."): decimal})

    assert amount(text) == value
    assert str(amount(text)) == f"{value:.2f}"


@pytest.mark.parametrize("sign", ["zero or more", "above zero"])
def test_signs(sign):
    read = amount_reader(2, below=BELOW, sign=sign)

    assert refusal(read, "-0.01") == "negative_number"
    assert read("0.01") == Decimal("0.01")


def test_zero_is_refused_only_where_it_must_be_above():
    assert amount_reader(2, below=BELOW, sign="zero or more")("0") == 0
    above = amount_reader(2, below=BELOW, sign="above zero")
    assert refusal(above, "0,00") == "not_positive"


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.976", "4.976"), ("4,976", "4.976"), ("0.20112345", "0.20112345"), ("5", "5")],
)
def test_a_lone_separator_begins_the_decimals_of_a_rate(text, value):
    assert rate_reader(8, below=10**10)(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "not_positive"),
        ("-4.9", "negative_number"),
        ("4.123456789", "too_many_decimals"),
        ("10000000000", "number_too_large"),
    ],
)
def test_what_is_no_rate(text, code):
    assert refusal(rate_reader(8, below=10**10), text) == code


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("250", 250), ("12.0", 12), ("1 500", 1500)]
)
def test_counts(text, value):
    read = count_reader(below=2**31)(text)

    assert (read, type(read)) == (value, int)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.5", "not_a_whole_number"),
        ("-1", "negative_number"),
        ("50-100", "not_a_number"),
        ("2147483648", "number_too_large"),
        ("²", "not_a_number"),
    ],
)
def test_what_is_no_count(text, code):
    assert refusal(count_reader(below=2**31), text) == code
