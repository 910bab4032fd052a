import re
import unicodedata

from integrations.domain.problems import BadValue
from integrations.domain.values.columns import Parser

_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n?")


def line_reader(limit: int) -> Parser[str]:
    """Read a text of one line: line ends and tabs in it become single spaces.

    Raises:
        BadValue: longer than ``limit`` characters, or control characters in it.
    """

    def parse(text: str) -> str:
        return _checked(_SPACES.sub(" ", text) if _breaks(text) else text, limit)

    return parse


def text_reader(limit: int) -> Parser[str]:
    """Read a text of any number of lines; every line end becomes a line feed.

    Raises:
        BadValue: longer than ``limit`` characters, or control characters in it.
    """

    def parse(text: str) -> str:
        return _checked(_LINE_END.sub("\n", text), limit)

    return parse


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text or "\t" in text


def _checked(text: str, limit: int) -> str:
    composed = unicodedata.normalize("NFC", text)
    if found := _CONTROL.search(composed):
        character = f"U+{ord(found[0]):04X}"
        raise BadValue("control_character", character=character)
    if len(composed) > limit:
        raise BadValue("too_long", length=len(composed), limit=limit)
    return composed
