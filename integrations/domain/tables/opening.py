from pathlib import Path

from integrations.domain.problems import NotATable
from integrations.domain.tables.csv_files import csv_table
from integrations.domain.tables.limits import MAX_CSV_BYTES, MAX_XLSX_BYTES, MB
from integrations.domain.tables.magic import OLE, ZIP, refuse_other_formats
from integrations.domain.tables.table import Table
from integrations.domain.tables.xlsx_files import xlsx_table

_HEAD_BYTES = 8192
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_table(path: Path) -> Table:
    """Open a CSV or XLSX file as a table; its content decides, not its name.

    Raises:
        NotATable: it is missing, empty, too large, of another kind or damaged, or the
            names of its columns cannot be used.
    """
    try:
        return _open(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotATable("unreadable", file=path.name, reason=reason) from error


def _open(path: Path) -> Table:
    if not path.exists():
        raise NotATable("no_file", file=path.name)
    if not path.is_file():
        raise NotATable("not_a_file", file=path.name)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise NotATable("empty_file")
    if head.startswith(OLE):
        raise NotATable("encrypted" if _is_encrypted(path) else "legacy_excel")
    refuse_other_formats(head)
    if head.startswith(ZIP):
        _refuse_above(path, MAX_XLSX_BYTES)
        return xlsx_table(path)
    _refuse_above(path, MAX_CSV_BYTES)
    return csv_table(path)


def _is_encrypted(path: Path) -> bool:
    """Tell a locked XLSX from an old XLS: its directory names what is inside."""
    if path.stat().st_size > MAX_XLSX_BYTES:
        return False
    return _ENCRYPTED in path.read_bytes()


def _refuse_above(path: Path, limit: int) -> None:
    size = path.stat().st_size
    if size > limit:
        raise NotATable("too_large", size=size // MB, limit=limit // MB)
