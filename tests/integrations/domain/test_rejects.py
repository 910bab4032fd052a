import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.domain.mapping import Mapping
from integrations.domain.mending import escaped, unescaped
from integrations.domain.problems import Problem
from integrations.domain.rejects import RejectsWriter
from integrations.domain.rows import Rejection, convert
from tests.integrations.domain.files import table, workbook_bytes

NO_COUNTRY = Problem("unknown_country").template


def rejects(opened, *, translate=str):
    """Load the table as leads and return the file of its rejected rows."""
    file = io.BytesIO()
    writer = RejectsWriter(file, opened)
    mapping = Mapping.resolve("leads", opened.header)
    for batch in convert(mapping, opened.rows()):
        writer.add_all(batch.rejected, batch.cells.__getitem__, translate)
    writer.close()
    return file.getvalue()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+40722123456", "'+40722123456"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("\uff1d1", "'\uff1d1"),
        ("'quoted'", "''quoted'"),
        ("-12", "-12"),
        ("-1 234,50", "-1 234,50"),
        ("-1.5", "-1.5"),
        ("-1+1", "'-1+1"),
        ("-", "'-"),
        ("Ana", "Ana"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formulas_are_disarmed_and_numbers_are_not(cell, written):
    """Line S1 of the checklist, for CSV."""
    assert escaped(cell) == written
    assert unescaped(written) == cell


@given(cell=st.text(st.sampled_from("=+-@'\t\r\n1 a\uff0b"), max_size=6))
def test_escaping_is_undone_exactly(cell):
    assert unescaped(escaped(cell)) == cell


def test_rejected_rows_are_written_to_be_mended(tmp_path):
    opened = table(tmp_path, "email;source\na@x.ro;web\nana;=1\nion;Łódź\n")

    assert rejects(opened).decode("utf-8-sig") == (
        "email;source;alignment_row;alignment_error\r\n"
        "ana;'=1;3;email: This is not one e-mail address of at most 254 characters, "
        "like ana@example.com.\r\n"
        "ion;Łódź;4;email: This is not one e-mail address of at most 254 characters, "
        "like ana@example.com.\r\n"
    )
    assert rejects(opened).startswith(b"\xef\xbb\xbf")


def test_what_is_wrong_is_said_in_the_reader_s_language(tmp_path):
    opened = table(tmp_path, "email,country\na@x.ro,Nowhere\n")

    content = rejects(opened, translate={NO_COUNTRY: "„%(text)s” nu e țară."}.get)

    assert content.decode("utf-8-sig").splitlines()[1:] == [
        "a@x.ro,Nowhere,2,country: „Nowhere” nu e țară."
    ]


def test_a_mended_file_is_read_without_what_was_added(tmp_path):
    opened = table(tmp_path, "email;=source\na@x.ro;web\nana;-5\nion;'x\neva;@y\n")
    mended = rejects(opened).decode("utf-8-sig").replace("ana;", "ana@x.ro;")

    again = table(tmp_path, mended.encode("utf-16"), "mended.csv")

    assert again.header == opened.header == ("email", "=source")
    assert list(again.rows()) == [
        (2, ["ana@x.ro", "-5"], None),
        (3, ["ion", "'x"], None),
        (4, ["eva", "@y"], None),
    ]


def test_a_file_mended_in_a_workbook_is_read_the_same(tmp_path):
    rows = [
        ["alignment_row", "email", "alignment_error", "source"],
        [7, "ana@x.ro", "…", "'=1"],
    ]

    again = table(tmp_path, workbook_bytes(rows), "mended.xlsx")

    assert again.header == ("email", "source")
    assert list(again.rows()) == [(2, ["ana@x.ro", "=1"], None)]


def test_apostrophes_of_other_files_stay(tmp_path):
    assert list(table(tmp_path, "email,source\na,'=1\n").rows()) == [
        (2, ["a", "'=1"], None)
    ]


def test_rows_nobody_could_read_are_rejected_until_they_are_mended(tmp_path):
    content = 'email,source\nc@x.ro,1,2\na@x.ro,"x"y\nb@x.ro\nd@x.ro,w\n'
    opened = table(tmp_path, content)

    again = table(tmp_path, rejects(opened), "again.csv")
    (batch,) = convert(Mapping.resolve("leads", again.header), again.rows())

    assert batch.accepted == []
    assert [(one.row, one.code) for one in batch.rejected] == [
        (2, "too_many_cells"),
        (3, "too_many_cells"),
        (4, "too_many_cells"),
    ]
    assert [cells[:2] for _, cells, _ in again.rows()] == [
        *(["c@x.ro", "1"], ["", ""], ["", ""]),
    ]


def test_rows_rejected_later_by_others_are_written_too(tmp_path):
    opened = table(tmp_path, "email,source\na@x.ro,web\n")
    file = io.BytesIO()
    problem = Problem("identity_conflict", own_template="Two leads at 100 %%.")
    writer = RejectsWriter(file, opened)
    writer.add_all([Rejection(2, "email", problem)], {2: ["a@x.ro", "web"]}.__getitem__)
    writer.close()

    assert file.getvalue().decode("utf-8-sig").splitlines()[1] == (
        "a@x.ro,web,2,email: Two leads at 100 %."
    )


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.sampled_from("=+-@'\t\na1;,\" "), max_size=5),
            st.text(st.sampled_from("=+-@'\t\na1;,\" "), max_size=5),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_cells_come_back_as_they_went_out(tmp_path, rows):
    opened = table(tmp_path, "email;source\n")
    file = io.BytesIO()
    writer = RejectsWriter(file, opened)
    problem = Problem("missing")
    cells = {number: list(row) for number, row in enumerate(rows, 2)}
    writer.add_all([Rejection(n, "email", problem) for n in cells], cells.__getitem__)
    writer.close()

    back = table(tmp_path, file.getvalue(), "back.csv")

    kept = [row for row in cells.values() if "".join(row).strip()]
    assert [_trimmed(row) for _, row, _ in back.rows()] == [*map(_trimmed, kept)]


def _trimmed(row):
    """Spaces at the beginning of a cell mean nothing; values are trimmed anyway."""
    return [cell.lstrip(" ") for cell in row]
