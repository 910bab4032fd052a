import csv
import itertools
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.domain.problems import NotATable
from integrations.domain.tables import open_table
from tests.integrations.domain.files import csv_bytes, read, table, told, written

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
SEPARATORS = [",", ";", "\t", "|"]
NEWLINES = ["\r\n", "\n", "\r"]
HEADER = ["alpha", "beta", "gamma"]

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

anything = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
    | st.sampled_from('\n\r\t",;|'),
    max_size=12,
)
ascii_words = st.text(st.sampled_from("abc XYZ,;|\t\"'\n\r09-"), max_size=12)


def expected(rows):
    """Blank rows count and are left out; the header is row 1."""
    return [
        (number, row, None)
        for number, row in enumerate(rows, 2)
        if "".join(row).strip()
    ]


@QUICK
@given(
    rows=st.lists(st.tuples(anything, anything, anything).map(list), max_size=8),
    encoding=st.sampled_from(ENCODINGS[:3]),
    separator=st.sampled_from(SEPARATORS),
    newline=st.sampled_from(NEWLINES),
)
def test_what_is_written_is_read_back(tmp_path, rows, encoding, separator, newline):
    content = csv_bytes(
        [HEADER, *rows],
        encoding=encoding,
        separator=separator,
        newline=newline,
        quoting=csv.QUOTE_ALL,
    )

    assert read(tmp_path, content) == (tuple(HEADER), expected(rows))


@QUICK
@given(
    rows=st.lists(st.tuples(ascii_words, ascii_words).map(list), max_size=8),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(SEPARATORS),
    newline=st.sampled_from(NEWLINES),
)
def test_ascii_is_read_back_without_a_mark_too(
    tmp_path, rows, encoding, separator, newline
):
    content = csv_bytes(
        [["name", "remark"], *rows],
        encoding=encoding,
        separator=separator,
        newline=newline,
        quoting=csv.QUOTE_ALL,
    )

    assert read(tmp_path, content) == (("name", "remark"), expected(rows))


@pytest.mark.parametrize(
    ("encoding", "separator", "newline"),
    [*itertools.product([*ENCODINGS, "cp1250", "cp1252"], SEPARATORS, NEWLINES)],
)
def test_each_encoding_with_each_separator_and_line_end(
    tmp_path, encoding, separator, newline
):
    names = ["São José", "João"] if encoding == "cp1252" else ["Łódź", "Gdańsk"]
    rows = [["1", names[0]], ["2", f'say "{names[1]}"']]
    content = csv_bytes(
        [["id", "city"], *rows],
        encoding=encoding,
        separator=separator,
        newline=newline,
    )

    opened = table(tmp_path, content)

    assert opened.header == ("id", "city")
    assert list(opened.rows()) == [(2, rows[0], None), (3, rows[1], None)]
    assert opened.separator == separator
    assert opened.rows_hint == 2


def test_quoted_cells_hold_separators_and_line_ends(tmp_path):
    content = 'id,text\r\n1,"a, ""b""\r\nc"\r\n2,x\r\n'

    assert read(tmp_path, content) == (
        ("id", "text"),
        [(2, ["1", 'a, "b"\r\nc'], None), (3, ["2", "x"], None)],
    )


def test_spaces_after_separators_do_not_hide_quotation_marks(tmp_path):
    assert read(tmp_path, 'a, b\n"1", "x, y"\n')[1] == [(2, ["1", "x, y"], None)]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path):
    content = '\n,,\nid,x\n1,"two\nlines"\n\n , \n2,y\n'

    assert read(tmp_path, content) == (
        ("id", "x"),
        [(4, ["1", "two\nlines"], None), (7, ["2", "y"], None)],
    )


def test_a_table_can_be_read_again(tmp_path):
    opened = table(tmp_path, "a,b\n1,2\n3,4\n")

    assert list(opened.rows()) == list(opened.rows())
    assert opened.preview(1) == [(2, ["1", "2"], None)]


def test_a_header_without_rows_is_a_table(tmp_path):
    assert read(tmp_path, "id,name\n") == (("id", "name"), [])
    assert read(tmp_path, "id;name") == (("id", "name"), [])


def test_one_column_is_a_table(tmp_path):
    assert read(tmp_path, "email\nana@x.ro\n") == (
        ("email",),
        [(2, ["ana@x.ro"], None)],
    )


def test_names_of_columns_are_trimmed(tmp_path):
    content = '\ufeff id ,"first\n name", \u00a0e-mail\u00a0 \n1,Ana,a@x.ro\n'

    assert table(tmp_path, content).header == ("id", "first name", "e-mail")


def test_separators_left_over_at_the_end_are_no_columns(tmp_path):
    assert read(tmp_path, "id,name,,\n1,Ana,,\n2,Ion,x,\n") == (
        ("id", "name"),
        [(2, ["1", "Ana"], None), (3, ["2", "Ion", "x", ""], "too_many_cells")],
    )


def test_ragged_rows(tmp_path):
    content = "a,b,c\n1\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n"

    assert read(tmp_path, content)[1] == [
        (2, ["1", "", ""], None),
        (3, ["1", "2", ""], None),
        (4, ["1", "2", "3"], None),
        (5, ["1", "2", "3", "4"], "too_many_cells"),
        (6, ["1", "2", "3"], None),
    ]


def test_a_quotation_mark_left_open_costs_its_own_row(tmp_path):
    content = 'id,name\n1,Ana\n2,"Ion\n3,Eva\n4,"Jan"\n5,Zoe\n'

    assert read(tmp_path, content)[1] == [
        (2, ["1", "Ana"], None),
        (3, ['2,"Ion'], "bad_quotes"),
        (4, ["3", "Eva"], None),
        (5, ["4", "Jan"], None),
        (6, ["5", "Zoe"], None),
    ]


def test_a_quotation_mark_left_open_to_the_end_of_the_file(tmp_path):
    rows = "".join(f"{n},x\n" for n in range(3, 20_000))

    found = read(tmp_path, f'id,name\n2,"Ion\n{rows}')[1]

    assert found[0] == (2, ['2,"Ion'], "bad_quotes")
    assert found[1:] == [(n, [str(n), "x"], None) for n in range(3, 20_000)]


def test_many_broken_rows_do_not_pile_up(tmp_path):
    found = read(tmp_path, "id,name\n" + '1,"x"y\n2,ok\n' * 20_000)[1]

    assert [code for _, _, code in found] == ["bad_quotes", None] * 20_000


def test_what_may_belong_to_a_broken_row_is_not_taken_for_a_row(tmp_path):
    content = 'id,a,b\n1,"x" y,z\nand, more\n2,x,y\n'

    assert read(tmp_path, content)[1] == [
        (2, ['1,"x" y,z'], "bad_quotes"),
        (3, ["and", "more"], "after_bad_quotes"),
        (4, ["2", "x", "y"], None),
    ]


def test_a_cell_without_end_costs_its_own_row(tmp_path):
    content = "id,x\n1," + "y" * 140_000 + "\n2,z\n"

    found = read(tmp_path, content)[1]

    assert (found[0][0], found[0][2]) == (2, "cell_too_large")
    assert found[1] == (3, ["2", "z"], None)


def test_the_separator_is_the_one_most_rows_agree_on(tmp_path):
    content = "name;note, more\nAna;a, b, c\nIon;d\nEva;e, f\n"

    assert table(tmp_path, content).separator == ";"
    assert table(tmp_path, "price,city\n1;5,x\n2;5,y\n").separator == ","


def test_excel_may_name_the_separator(tmp_path):
    opened = table(tmp_path, "sep=;\r\nid;name\r\n1;a,b\r\n")

    assert (opened.header, opened.separator) == (("id", "name"), ";")
    assert list(opened.rows()) == [(2, ["1", "a,b"], None)]


def test_the_number_of_rows_is_known_beforehand(tmp_path):
    for content, rows in (("a\n1\n2\n", 2), ("a\r1\r2", 2), ("a", 0), ("\n\na\n1", 1)):
        assert table(tmp_path, content).rows_hint == rows


def test_a_long_file_is_read_as_a_stream(tmp_path):
    path = written(tmp_path, b"id,name\n" + b"1,Ana\n" * 100_000)
    tracemalloc.start()
    try:
        seen = sum(1 for _ in open_table(path).rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert seen == 100_000
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        ("", "empty_file", {}),
        ("\n \r\n\n", "empty_file", {}),
        ("\ufeff\n", "empty_file", {}),
        (",,,\n\n", "empty_file", {}),
        ("id,,name\n1,2,3\n", "nameless_column", {"number": 2}),
        (
            "id,name, id\n1,2,3\n",
            "duplicate_column",
            {"first": 1, "second": 3, "column": "id"},
        ),
        ('id,"name\n1,2\n', "bad_header", {}),
        (
            ",".join(f"c{n}" for n in range(1001)),
            "too_many_columns",
            {"count": 1001, "limit": 1000},
        ),
    ],
)
def test_headers_that_cannot_be_used(tmp_path, content, code, params):
    with pytest.raises(NotATable) as refused:
        table(tmp_path, content)

    assert (told(refused.value), refused.value.params) == (code, params)
