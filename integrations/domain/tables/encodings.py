"""Which letters the bytes of a text file are.

In this order: a byte order mark decides; NULs in every other place mean UTF-16; what is
valid UTF-8 from end to end is UTF-8; what is UTF-8 with a few broken places stays UTF-8
and the rows with broken letters are rejected one by one; all else is Windows-1250 or
Windows-1252, see `codepages`. The whole file is looked at, because the first letter
that tells may stand in its last row.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from integrations.domain.problems import NotATable
from integrations.domain.tables.codepages import codepage_of
from integrations.domain.tables.limits import MAX_LINE_BYTES, MB

_HEAD_BYTES = 64 * 1024
_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_ENOUGH_LETTERS = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """How to decode a file. ``lines`` is its number of lines, a hint only.

    With ``errors`` other than ``strict``, broken letters come out as lone surrogates.
    """

    encoding: str
    errors: str
    lines: int


def text_of(path: Path) -> Text:
    """Tell how to decode the file, after reading all of it once.

    Raises:
        NotATable: it holds NULs or mostly control characters, or is broken UTF-16.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if codec := _marked(head) or _wide(head):
        return _wide_text(path, codec)
    if b"\0" not in head and len(_CONTROLS.findall(head)) * 50 > len(head):
        raise NotATable("control_characters")
    return _narrow_text(path)


class LineCount:
    """Counts line ends of any style, block by block; refuses what is no text."""

    def __init__(self) -> None:
        self._feeds = self._returns = self._open = 0

    @property
    def total(self) -> int:
        """Number of lines so far; one without an end counts too."""
        return self._ends + bool(self._open)

    @property
    def number(self) -> int:
        """Number of the line that is being read."""
        return self._ends + 1

    @property
    def _ends(self) -> int:
        return max(self._feeds, self._returns)

    def add(self, block: bytes) -> None:
        """Count the line ends of one block.

        Raises:
            NotATable: there is a NUL in it, or a line goes on for too long.
        """
        before, nul, _ = block.partition(b"\0")
        self._feeds += before.count(b"\n")
        self._returns += before.count(b"\r")
        if nul:
            raise NotATable("binary", line=self.number)
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._open = len(block) - last - 1 + (self._open if last < 0 else 0)
        if self._open > MAX_LINE_BYTES:
            raise NotATable("no_lines", line=self.number, limit=MAX_LINE_BYTES // MB)


def blocks_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, a megabyte at a time."""
    with path.open("rb") as file:
        while block := file.read(MB):
            yield block


def _marked(head: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def _wide(head: bytes) -> str | None:
    """Tell UTF-16 without mark by its NULs: nearly all in one half of the pairs."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half and odd * 10 > half * 7 and even * 100 <= half:
        return "utf-16-le"
    if half and even * 10 > half * 7 and odd * 100 <= half:
        return "utf-16-be"
    return None


def _wide_text(path: Path, codec: str) -> Text:
    """Decode the whole file strictly and count its lines."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = LineCount()
    try:
        for block in blocks_of(path):
            lines.add(decoder.decode(block).encode())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        name, line = codec.upper(), lines.number
        raise NotATable("unknown_encoding", encoding=name, line=line) from error
    return Text(codec, "strict", lines.total)


def _narrow_text(path: Path) -> Text:
    """Tell UTF-8 from the code pages."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = LineCount()
    valid = True
    for block in blocks_of(path):
        lines.add(block)
        valid = valid and _decodes(decoder, block)
    if valid and _decodes(decoder, b"", final=True):
        return Text("utf-8", "strict", lines.total)
    if _mostly_utf8(path):
        return Text("utf-8", "surrogateescape", lines.total)
    return Text(codepage_of(blocks_of(path)), "surrogateescape", lines.total)


def _decodes(
    decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False
) -> bool:
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """Tell whether real UTF-8 letters outnumber broken ones at least four to one."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for block in blocks_of(path):
        text = decoder.decode(block)
        broken = text.count("\N{REPLACEMENT CHARACTER}")
        good, bad = good + len(_FOREIGN.findall(text)) - broken, bad + broken
        if good + bad > _ENOUGH_LETTERS:
            break
    return good >= 4 * bad
