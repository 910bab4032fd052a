"""Line S30 of the checklist: workbooks are capped in entries, ratio and size."""

import datetime as dt
import io
import random
import zipfile

import openpyxl
import pytest

from integrations.domain.problems import NotATable
from integrations.domain.tables import limits, workbook_checks
from tests.integrations.domain.files import (
    SHEET,
    csv_bytes,
    read,
    table,
    told,
    with_cells,
    with_part,
    workbook_bytes,
)

MIDNIGHT = dt.datetime.fromisoformat("2024-03-05")


def refusal(folder, content):
    with pytest.raises(NotATable) as refused:
        table(folder, content, "file.xlsx")
    assert told(refused.value) == refused.value.code
    return refused.value


def test_cells_are_written_without_loss(tmp_path):
    names = ["moment", "day", "whole", "part", "flag", "text", "time", "span"]
    rows = [
        names,
        [
            dt.datetime.fromisoformat("2024-03-05T14:30:01"),
            dt.date(2024, 3, 5),
            12,
            12.5,
            True,
            "  Łódź ",
            dt.time(4, 5),
            dt.timedelta(hours=30, minutes=5, seconds=7),
        ],
        [
            dt.datetime.fromisoformat("2024-03-05"),
            None,
            -7,
            0.1 + 0.2,
            False,
            "007",
            None,
            None,
        ],
        [None, None, 123456789012345, 1e-7, None, "1e5", None, None],
        [None, None, 1e15, 1234567.891, None, "=1+1'", None, None],
    ]

    header, found = read(tmp_path, workbook_bytes(rows), "file.xlsx")

    assert header == tuple(names)
    assert [cells for _, cells, _ in found] == [
        [
            *("2024-03-05 14:30:01", "2024-03-05", "12", "12.5", "true", "  Łódź "),
            *("04:05:00", "30:05:07"),
        ],
        ["2024-03-05", "", "-7", "0.3", "false", "007", "", ""],
        ["", "", "123456789012345", "0.0000001", "", "1e5", "", ""],
        ["", "", "1000000000000000", "1234567.891", "", "", "", ""],
    ]


def test_the_same_table_comes_out_of_both_formats(tmp_path):
    rows = [["id", "name"], ["1", "Ana"], ["", ""], ["2", "Łukasz\nB."]]

    as_text = read(tmp_path, csv_bytes(rows))
    as_workbook = read(tmp_path, workbook_bytes(rows), "file.xlsx")

    assert as_workbook == as_text


def test_rows_have_the_numbers_of_the_sheet(tmp_path):
    rows = [[], [None, "id", "name"], [None, "1", "Ana"], [], [None, "2", "Ion"]]

    opened = table(tmp_path, workbook_bytes(rows), "file.xlsx")

    assert opened.header == ("id", "name")
    assert opened.rows_hint == 3
    assert list(opened.rows()) == [(3, ["1", "Ana"], None), (5, ["2", "Ion"], None)]


def test_the_first_visible_sheet_that_holds_anything_is_read(tmp_path):
    book = openpyxl.Workbook()
    hidden = book.create_sheet("hidden")
    hidden.append(["no"])
    hidden.sheet_state = "hidden"
    book.create_sheet("full").append(["yes"])
    book.create_sheet("more").append(["later"])
    file = io.BytesIO()
    book.save(file)

    assert table(tmp_path, file.getvalue(), "file.xlsx").header == ("yes",)


def test_a_workbook_without_anything(tmp_path):
    assert refusal(tmp_path, workbook_bytes([])).code == "empty_workbook"


def test_too_many_cells_and_blank_ends(tmp_path):
    rows = [["a", "b"], [1, 2, 3], [4]]

    assert read(tmp_path, workbook_bytes(rows), "file.xlsx")[1] == [
        (2, ["1", "2", "3"], "too_many_cells"),
        (3, ["4", ""], None),
    ]


FAR_APART = """
<row r="1"><c r="A1"><v>1</v></c></row>
<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>
"""
UNPLACED = f"""
<row r="1"><c r="A1"><v>1</v></c></row>
<row r="900000">{"<c><v>1</v></c>" * 30}</row>
"""
PREFIXED = '<x:row r="9999999"><x:c r="A1"/><x:c\tr="C1"><x:v>1</x:v></x:c></x:row>'


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (FAR_APART, "1048576 x 16384"),
        ('<row r="1"><c r="ZZZZZ9"><v>1</v></c></row>', "9 x 12356630"),
        ("<row><c r = 'b99999999999'><v>1</v></c></row>", "100000000000 x 2"),
        (PREFIXED, "10000000 x 3"),
        (UNPLACED, "900000 x 31"),
        ("<row><c><v>1</v></c></row>" * 4_000, "4000 x 4000"),
    ],
)
def test_a_few_bytes_cannot_claim_all_memory(tmp_path, cells, reason):
    refused = refusal(tmp_path, with_cells(cells))

    assert (refused.code, refused.params) == ("workbook_too_large", {"reason": reason})


def test_cells_that_do_not_say_where_they_are_are_read(tmp_path):
    cells = (
        '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
    )

    assert read(tmp_path, with_cells(cells), "file.xlsx") == (
        ("a", "b"),
        [(2, ["1", "2"], None)],
    )


def test_the_extent_is_found_across_blocks():
    """A place may lie across two reads of a part; it must not be cut in two."""
    cells = "".join(f'<c r="A{n}"/>' for n in range(1, 280_000))
    content = with_cells(f'<row r="1">{cells}<c r="D280000"/></row>')

    extent = workbook_checks.Extent()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for block in workbook_checks.blocks_of(archive, archive.getinfo(SHEET)):
            extent.add(block)

    assert (extent.rows, extent.columns) == (280_000, 4)


def test_what_unpacks_to_nonsense_is_refused_before_it_is_unpacked(tmp_path):
    bomb = with_part(workbook_bytes([["a"]]), "xl/media/x", b" " * (20 * limits.MB))

    refused = refusal(tmp_path, bomb)

    assert refused.code == "workbook_too_large"
    assert refused.message.endswith(": 1). Save the sheet as CSV.")


def test_size_and_entries_are_capped(tmp_path, monkeypatch):
    workbook = with_part(
        workbook_bytes([["a"]]), "x", random.Random(1).randbytes(99_999)
    )
    monkeypatch.setattr(workbook_checks, "MAX_XLSX_UNPACKED_BYTES", 99_999)
    assert refusal(tmp_path, workbook).params == {"reason": "0 MB"}

    monkeypatch.setattr(workbook_checks, "MAX_XLSX_ENTRIES", 5)
    parts = len(zipfile.ZipFile(io.BytesIO(workbook)).namelist())
    assert refusal(tmp_path, workbook).params == {"reason": f"{parts} parts"}


def test_an_archive_that_lies_about_its_sizes_is_damaged(tmp_path):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row>' * 5_000
    content = with_cells(cells)
    part = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET)
    true_size = part.file_size.to_bytes(4, "little")
    assert content.count(true_size) == 2

    lying = content.replace(true_size, (1_000).to_bytes(4, "little"))

    assert refusal(tmp_path, lying).code == "damaged_workbook"


def test_a_workbook_with_a_password_inside_the_archive(tmp_path):
    content = bytearray(workbook_bytes([["a"]]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)

    assert refusal(tmp_path, bytes(content)).code == "encrypted"


@pytest.mark.parametrize("seed", range(40))
def test_damaged_workbooks_are_refused_or_read_and_nothing_else(tmp_path, seed):
    chance = random.Random(seed)
    rows = [["id", "name"], *([n, f"name {n}"] for n in range(20))]
    content = bytearray(workbook_bytes(rows))
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content) // 2, len(content)) :]

    try:
        outcome = f"{len(read(tmp_path, bytes(content), 'file.xlsx')[1])} rows"
    except NotATable as refused:
        outcome = refused.code

    # A workbook holds the time at which it was made, so not all bytes are the same.
    refusals = {"damaged_workbook", "encrypted", "archive", "workbook_too_large"}
    assert outcome in {"20 rows", *refusals}


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>x&#0;y</v></c></row>',
        '<row r="1"><c r="A"><v>1</v></c></row>',
    ],
)
def test_sheets_that_make_no_sense_are_damaged(tmp_path, cells):
    assert refusal(tmp_path, with_cells(cells)).code == "damaged_workbook"
