import io
import zipfile
from pathlib import Path

import pytest

from integrations.domain.problems import NotATable
from integrations.domain.tables import open_table
from tests.integrations.domain.files import (
    table,
    told,
    with_part,
    workbook_bytes,
    written,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n1 0 obj", "pdf"),
        (b"<!DOCTYPE html><html><body><table>", "web_page"),
        (b"\xef\xbb\xbf\n <HTML xmlns='x'><head>", "web_page"),
        (b"<table><tr><td>id</td></tr></table>", "web_page"),
        (b"<?xml version='1.0'?><html>", "web_page"),
        (b"<?xml version='1.0'?><rows/>", "xml"),
        (b'[{"id": 1}]', "json"),
        (b'{"rows": []}', "json"),
        (b"\x1f\x8b\x08rest", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1 hello}", "text_document"),
        (OLE + b"\0" * 600, "legacy_excel"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (zipped({"a.csv": "id\n1\n"}), "archive"),
        (
            zipped({"content.xml": "<office/>"}),
            "other_spreadsheet",
        ),
        (zipped({"xl/workbook.bin": ""}), "other_spreadsheet"),
    ],
)
@pytest.mark.parametrize("name", ["file.csv", "file.xlsx"])
def test_other_formats_are_named_whatever_the_file_is_called(
    tmp_path, content, code, name
):
    with pytest.raises(NotATable) as refused:
        table(tmp_path, content, name)

    assert told(refused.value) == code


def test_a_workbook_named_csv_is_read_as_a_workbook(tmp_path):
    opened = table(tmp_path, workbook_bytes([["id"], ["x"]]), "file.csv")

    assert (opened.format, list(opened.rows())) == ("xlsx", [(2, ["x"], None)])


def test_text_named_xlsx_is_read_as_text(tmp_path):
    opened = table(tmp_path, "id\nx\n", "file.xlsx")

    assert (opened.format, list(opened.rows())) == ("csv", [(2, ["x"], None)])


def test_what_is_not_there(tmp_path):
    with pytest.raises(NotATable) as refused:
        open_table(tmp_path / "leads.csv")

    assert refused.value.code == "no_file"
    assert refused.value.message == (
        "There is no file “leads.csv”. Check its name and folder."
    )


@pytest.mark.parametrize("path", [Path("/"), Path("/dev/zero")])
def test_what_is_not_a_file(path):
    with pytest.raises(NotATable) as refused:
        open_table(path)

    assert refused.value.code == "not_a_file"


def test_what_may_not_be_opened(tmp_path, monkeypatch):
    path = written(tmp_path, "id\n")

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(NotATable) as refused:
        open_table(path)

    assert refused.value.message == (
        "“file.csv” may not be opened (Permission denied). Give the right to read it."
    )


def test_files_are_not_read_beyond_their_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("integrations.domain.tables.opening.MAX_CSV_BYTES", 5)
    monkeypatch.setattr("integrations.domain.tables.opening.MAX_XLSX_BYTES", 100)

    for content in (b"id,name\n", with_part(workbook_bytes([["id"]]), "x", "y")):
        with pytest.raises(NotATable) as refused:
            table(tmp_path, content)
        assert told(refused.value) == "too_large"
