import pytest

from integrations.domain.problems import NotATable
from integrations.domain.tables.codepages import codepage_of
from tests.integrations.domain.files import csv_bytes, read, table, told

CENTRAL_EUROPEAN = [
    "Zażółć gęślą jaźń",
    "ZAŻÓŁĆ GĘŚLĄ JAŹŃ",
    "Łódź",
    "Gdańsk",
    "GDAŃSK",
    "Wałęsa",
    "Poznań, Święty Józef",
    "Więcek",
    "Perić",
    "ul. Śląska 5, Żywiec",
    "Iaşi, judeţul Iaşi",
    "Ştefan Ţepeş",
    "ŞTEFĂNEŞTI",
    "Bună ziua, mulţumesc",
    "Brăila",
    "Timişoara şi Braşov",
    "Călăraşi, Botoşani, Galaţi, Constanţa",
    "oraş",
    "Příliš žluťoučký kůň",
    "Dvořák",
    "árvíztűrő tükörfúrógép",
]
WESTERN = [
    "São Paulo",
    "SÃO PAULO",
    "João",
    "coração, ações, não",
    "São José dos Campos, Goiânia, Brasília",
    "Conceição do Açaí",
    "España, Muñoz, Peña",
    "Ñandú",
    "compañía",
    "Français très élevé, où",
    "cœur",
    "crème brûlée, à la carte",
    "Città, perché, più",
    "Müller, Straße, Über",
    "Søren, Århus",
    "Ængelholm",
    "£100 and more",
    "“quoted” \u2013 dash … €",
    "café",
]


@pytest.mark.parametrize("text", CENTRAL_EUROPEAN)
def test_polish_and_romanian_come_out_of_windows_1250(text):
    content = text.encode("cp1250")

    assert content.decode(codepage_of([content])) == text


@pytest.mark.parametrize("text", WESTERN)
def test_western_accents_come_out_of_windows_1252(text):
    content = text.encode("cp1252")

    assert content.decode(codepage_of([content])) == text


def test_a_list_of_people_of_many_countries_is_read_by_the_majority():
    names = ["Wałęsa", "Müller", "Kowalska", "Żółkiewski", "François", "Łukasz"]
    content = "\n".join(names * 3).encode("cp1250")

    assert codepage_of([content]) == "cp1250"


def test_the_letter_that_tells_may_stand_in_the_last_row(tmp_path):
    rows = [[str(n), "Ana"] for n in range(60_000)]
    content = csv_bytes([["id", "city"], *rows, ["x", "Łódź"]], encoding="cp1250")

    opened = table(tmp_path, content)

    assert opened.encoding == "cp1250"
    assert list(opened.rows())[-1] == (60_002, ["x", "Łódź"], None)


def test_a_letter_may_lie_across_two_blocks(tmp_path):
    filler = "x" * (1024 * 1024 - len("id,city\n1,") - 1)
    lines = f"id,city\n1,{filler}ż\n".replace("x" * 90_000, "x" * 89_999 + "\n")

    opened = table(tmp_path, lines)

    assert opened.encoding == "utf-8"


def test_a_broken_letter_in_utf8_costs_its_own_row(tmp_path):
    good = [[str(n), "Łódź"] for n in range(20)]
    content = csv_bytes([["id", "city"], *good]) + b"x,\xc5\ny,Gda\xc5\x84sk\n"

    found = read(tmp_path, content)[1]

    assert found[20:] == [
        (22, ["x", "?"], "bad_letters"),
        (23, ["y", "Gdańsk"], None),
    ]


def test_a_byte_without_letter_in_a_code_page_costs_its_own_row(tmp_path):
    content = "id,city\n1,Łódź\n2,Gdańsk\n".encode("cp1250") + b"3,\x81\n"

    assert read(tmp_path, content)[1] == [
        (2, ["1", "Łódź"], None),
        (3, ["2", "Gdańsk"], None),
        (4, ["3", "?"], "bad_letters"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (b"id,name\n1,a\n2,b\0c\n", "binary", {"line": 3}),
        (b"\x00\x01\x02\x03" * 100, "binary", {"line": 1}),
        ("id,name\n1,a\0b\n".encode("utf-16"), "binary", {"line": 2}),
        (bytes(range(1, 32)) * 20, "control_characters", {}),
        (
            "id\n1\n".encode("utf-16")[:-1],
            "unknown_encoding",
            {"encoding": "UTF-16", "line": 2},
        ),
        (b"x" * (17 * 1024 * 1024), "no_lines", {"line": 1, "limit": 16}),
    ],
)
def test_what_is_no_text_is_one_clear_error(tmp_path, content, code, params):
    with pytest.raises(NotATable) as refused:
        table(tmp_path, content)

    assert (told(refused.value), refused.value.params) == (code, params)
