"""Small files to read, written the way other programs write them."""

import csv
import io
import zipfile
from pathlib import Path

import openpyxl

from integrations.domain.tables import open_table

SHEET = "xl/worksheets/sheet1.xml"
_SHEET_START = (
    '<?xml version="1.0"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>"
)
_SHEET_END = "</sheetData></worksheet>"


def csv_bytes(
    rows, *, encoding="utf-8", separator=",", newline="\r\n", quoting=csv.QUOTE_MINIMAL
):
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=separator, lineterminator=newline, quoting=quoting
    )
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def written(folder: Path, content: bytes | str, name="file.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def table(folder: Path, content: bytes | str, name="file.csv"):
    return open_table(written(folder, content, name))


def read(folder: Path, content: bytes | str, name="file.csv"):
    """Return header and rows, each row as number, cells and code of its problem."""
    opened = table(folder, content, name)
    return opened.header, [
        (number, cells, problem and told(problem))
        for number, cells, problem in opened.rows()
    ]


def told(problem):
    """Return the code of a problem, having made sure that it can be said."""
    assert "%(" not in problem.message
    return problem.code


def workbook_bytes(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(workbook: bytes, name: str, content: bytes | str) -> bytes:
    """Return the workbook with one part replaced or added."""
    source, file = zipfile.ZipFile(io.BytesIO(workbook)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for other in source.namelist():
            if other != name:
                target.writestr(other, source.read(other))
        target.writestr(name, content)
    return file.getvalue()


def with_cells(cells: str) -> bytes:
    """Return a workbook whose sheet holds these rows of XML."""
    sheet = f"{_SHEET_START}{cells}{_SHEET_END}"
    return with_part(workbook_bytes([["a"]]), SHEET, sheet)
