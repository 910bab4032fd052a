import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import (
    SUPPORTED_REGIONS,
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
    is_possible_number,
    parse,
)

from foundation.kernel.country_names import ALSO, TABLE
from integrations.domain.problems import BadValue, Problem
from integrations.domain.values import (
    Cells,
    Texts,
    choice_reader,
    line_reader,
    parse_country,
    parse_currency,
    parse_domain,
    parse_email,
    parse_flag,
    parse_language,
    phone_reader,
    text_reader,
)
from integrations.domain.values.columns import REMEMBERED_CELLS
from integrations.domain.values.folding import folded
from tests.integrations.domain.files import told


def refusal(parse_text, text):
    with pytest.raises(BadValue) as refused:
        parse_text(text)
    return told(refused.value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ana.Pop@Example.COM", "ana.pop@example.com"),
        ("o'neil+news@mail.example.co.uk", "o'neil+news@mail.example.co.uk"),
        ("STRAẞE@example.de", "strasse@example.de"),
        ("łukasz@żółw.pl", "łukasz@żółw.pl"),
        ("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com"),
        (f"{'a' * 64}@{'b' * 60}.ro", f"{'a' * 64}@{'b' * 60}.ro"),
    ],
)
def test_addresses_are_case_folded(text, address):
    assert parse_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("ana", "ana@", "@x.ro", "ana@x", "ana@x.", "ana@.ro", "a b@x.ro", "a@b@x.ro"),
        *("Ana <ana@x.ro>", "ana@x.ro; ion@x.ro", "ana@x.ro,ion@x.ro", ".a@x.ro"),
        *("a.@x.ro", "a..b@x.ro", "ana@-x.ro", "ana@x.ro\n", "mailto:ana@x.ro"),
        f"{'a' * 65}@x.ro",
        f"a@{'b' * 64}.ro",
        f"a@{'bbbbbbbbb.' * 26}ro",
    ],
)
def test_what_is_no_address(text):
    assert refusal(parse_email, text) == "not_an_email"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("example.com", "example.com"),
        ("https://www.Example.com/path?q=1#x", "example.com"),
        ("http://user:pass@shop.example.com:8080/", "shop.example.com"),
        ("//example.com", "example.com"),
        ("www.example.com.", "example.com"),
        ("www.com", "www.com"),
        ("żółw.pl", "xn--w-uga1v8h.pl"),
        ("example.com/www.other.com", "example.com"),
    ],
)
def test_domains_of_web_addresses(text, domain):
    assert parse_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    ["example", "-x.com", "x..com", "a b.com", "1.2.3.4", "http://", "_"],
)
def test_what_is_no_domain(text):
    assert refusal(parse_domain, text) == "not_a_domain"


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("RO", "0722 123 456", "+40722123456"),
        ("RO", "+40 722-123-456", "+40722123456"),
        ("RO", "0040722123456", "+40722123456"),
        ("", "0040722123456", "+40722123456"),
        ("PL", "601 123 456", "+48601123456"),
        ("", "+48 (22) 123.45.67", "+48221234567"),
        ("", "+1 212 555 2368 ext. 12", "+12125552368"),
        ("", "tel:+40722123456", "+40722123456"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("BR", "(11) 96123-4567", "+5511961234567"),
    ],
)
def test_phone_numbers(country, text, number):
    assert phone_reader(country)(text) == number


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("", "0722 123 456", "phone_without_country"),
        ("RO", "12", "not_a_phone"),
        ("RO", "+40 1", "not_a_phone"),
        ("RO", "n/a", "not_a_phone"),
        (
            "RO",
            "0722123456 / 0733123456 / 0744123456 / 0755123456 / 0766",
            "not_a_phone",
        ),
        ("", "+999 123 456 789", "phone_without_country"),
    ],
)
def test_what_is_no_phone_number(country, text, code):
    assert refusal(phone_reader(country), text) == code


def by_the_library(text, country):
    try:
        number = parse(text, country or None)
    except NumberParseException:
        return None
    if not is_possible_number(number):
        return None
    return format_number(number, PhoneNumberFormat.E164)


def quickly(text, country):
    try:
        return phone_reader(country)(text)
    except BadValue:
        return None


FORMS = [
    PhoneNumberFormat.E164,
    PhoneNumberFormat.NATIONAL,
]


def test_the_short_way_gives_what_the_library_gives():
    """Every kind of example number of every country, in two forms."""
    examples = [
        (format_number(number, form), region)
        for region in sorted(SUPPORTED_REGIONS)
        for kind in PhoneNumberType.values()
        if (number := example_number_for_type(region, kind))
        for form in FORMS
    ]

    assert len(examples) > 2_500
    assert [quickly(*example) for example in examples] == [
        by_the_library(*example) for example in examples
    ]


@settings(max_examples=300, deadline=None)
@given(
    text=st.from_regex(
        r"\+?(0|00|1|40|48|49|39|55|52|54|7|8)?[0-9]{4,12}", fullmatch=True
    ),
    country=st.sampled_from(
        ["RO", "PL", "DE", "IT", "BR", "US", "MX", "AR", "RU", "HU"]
    ),
)
def test_the_short_way_on_any_digits(text, country):
    assert quickly(text, country) == by_the_library(text, country)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            ("RO", "RO"),
            ("ro", "RO"),
            ("ROU", "RO"),
            ("România", "RO"),
            ("Rumunia", "RO"),
        ),
        *(("POLSKA", "PL"), ("Polonia", "PL"), ("Poland", "PL"), ("Rumunia", "RO")),
        *(("Niemcy", "DE"), ("Germania", "DE"), ("UK", "GB"), ("Marea Britanie", "GB")),
        *(("U.S.A.", "US"), ("SUA", "US"), ("Statele Unite", "US"), ("EL", "GR")),
        *(("Czech Republic", "CZ"), ("Cehia", "CZ"), ("Ţările de Jos", "NL")),
        *(("Côte d'Ivoire", "CI"), ("Włochy", "IT"), ("wlochy", "IT")),
    ],
)
def test_countries(text, code):
    assert parse_country(text) == code


def test_no_word_means_two_countries():
    words: dict[str, str] = {}
    for line in TABLE.splitlines():
        two, three, names = line.split(" ", 2)
        for word in [two, three, *names.split("|"), *ALSO.get(two, two).split("|")]:
            assert words.setdefault(folded(word), two) == two
    assert len({word for word in words if len(word) == 2}) >= 250
    assert set(words.values()) >= set(SUPPORTED_REGIONS) - {"AC", "TA"}


def test_every_country_has_its_codes_and_a_name_in_each_language():
    rows = [line.split(" ", 2) for line in TABLE.splitlines()]

    assert [two for two, _, _ in rows] == sorted({two for two, _, _ in rows})
    assert len({three for _, three, _ in rows}) == len(rows) == 250
    assert {len(names.split("|")) for _, _, names in rows} == {3}
    assert {(len(two), len(three)) for two, three, _ in rows} == {(2, 3)}


@pytest.mark.parametrize("text", ["Atlantis", "??", "ZZ", "-"])
def test_what_is_no_country(text):
    assert refusal(parse_country, text) == "unknown_country"


@pytest.mark.parametrize(
    ("text", "code"),
    [("EUR", "EUR"), ("ron", "RON"), ("€", "EUR"), ("lei", "RON"), ("zł", "PLN")],
)
def test_currencies(text, code):
    assert parse_currency(text) == code


@pytest.mark.parametrize("text", ["$", "kr", "EURO1", "XYZ", "R"])
def test_what_is_no_currency(text):
    assert refusal(parse_currency, text) == "unknown_currency"


@pytest.mark.parametrize(
    ("text", "code"),
    [("ro", "ro"), ("PL", "pl"), ("pt_br", "pt-BR"), ("en-GB", "en-GB")],
)
def test_languages(text, code):
    assert parse_language(text) == code


@pytest.mark.parametrize("text", ["romanian", "r", "ro-", "12"])
def test_what_is_no_language(text):
    assert refusal(parse_language, text) == "unknown_language"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, ["1", "true", "Yes", "y", "DA", "tak", "adevărat", "Prawda", "x"]),
        (False, ["0", "false", "No", "n", "nu", "NIE", "fals", "fałsz"]),
    ],
)
def test_yes_and_no_in_three_languages(value, words):
    assert {parse_flag(word) for word in words} == {value}


@pytest.mark.parametrize("text", ["maybe", "2", "?", "poate"])
def test_neither_yes_nor_no(text):
    assert refusal(parse_flag, text) == "not_yes_or_no"


def test_choices_know_other_words():
    read = choice_reader({"won": ("closed won", "câștigat"), "lost": ()})

    assert [read(t) for t in ("won", "WON", "Closed-Won", "Castigat")] == ["won"] * 4
    with pytest.raises(BadValue) as refused:
        read("open")
    assert refused.value.params == {"text": "open", "choices": "won, lost"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ana Pop", "Ana Pop"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("e\u0301", "é"),
    ],
)
def test_lines(text, line):
    assert line_reader(50)(text) == line


def test_texts_keep_their_line_ends():
    assert text_reader(50)("a\r\nb\rc\n\td") == "a\nb\nc\n\td"


@pytest.mark.parametrize("reader", [line_reader, text_reader])
@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("x" * 51, "too_long", {"length": 51, "limit": 50}),
        ("a\0b", "control_character", {"character": "U+0000"}),
        ("a\x1bb", "control_character", {"character": "U+001B"}),
        ("a\x85b", "control_character", {"character": "U+0085"}),
    ],
)
def test_texts_that_do_not_fit(reader, text, code, params):
    with pytest.raises(BadValue) as refused:
        reader(50)(text)
    assert (refused.value.code, refused.value.params) == (code, params)


usual = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(usual, max_size=6))
def test_texts_together_are_read_like_each_alone(texts):
    together = Texts(line_reader(8), 8, "blank").read(texts)

    assert together == Cells(line_reader(8), "blank").read(texts)


def test_cells_are_read_once_and_blank_ones_not_at_all():
    asked = []

    def length(text):
        asked.append(text)
        return len(text)

    cells = Cells(length, blank=0)

    assert cells.read(["ab", " ab", "", "  ", "ab"]) == [2, 2, 0, 0, 2]
    assert cells.read(["ab"]) == [2]
    assert asked == ["ab", "ab"]


def test_what_cannot_be_read_comes_out_as_its_problem():
    (value,) = Cells(parse_flag).read(["maybe"])

    assert value == Problem("not_yes_or_no", {"text": "maybe"})


def test_what_is_remembered_has_an_end():
    cells = Cells(str)
    for start in range(0, 3 * REMEMBERED_CELLS, 50_000):
        cells.read([str(n) for n in range(start, start + 50_000)])

    assert len(cells) <= REMEMBERED_CELLS + 50_000
