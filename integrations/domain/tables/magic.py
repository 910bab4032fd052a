"""What a file is by its first bytes, whatever its name says."""

import re

from integrations.domain.problems import NotATable

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SIGNATURES = [
    (b"%PDF", "pdf"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "text_document"),
]
_WEB_PAGE = re.compile(
    rb"<(!doctype html|html|head|body|table|script|meta|div)\b", re.IGNORECASE
)
_XML = re.compile(rb"<\?xml|<\w+ xmlns")
_JSON = re.compile(rb"\[\s*[\[{]|\{\s*[\"}]")


def refuse_other_formats(head: bytes) -> None:
    """Refuse what its first bytes show to be no text table (a ZIP is looked at later).

    Raises:
        NotATable: PDF, web page, XML, JSON, archive, picture, text document.
    """
    if code := _format(head):
        raise NotATable(code)


def _format(head: bytes) -> str | None:
    for signature, code in _SIGNATURES:
        if head.startswith(signature):
            return code
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _WEB_PAGE.match(text) or (_XML.match(text) and b"<html" in text[:2000].lower()):
        return "web_page"
    if _XML.match(text):
        return "xml"
    return "json" if _JSON.match(text) else None
