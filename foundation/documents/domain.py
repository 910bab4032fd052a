"""What is signed, as one text with one digest; and what two versions differ in."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any, NamedTuple


def digest_of(signed: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that is signed, as hexadecimal digits.

    It is taken of JSON with sorted names, without spaces, in UTF-8; moments are in UTC.
    """
    text = json.dumps(
        signed,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=_written,
    )
    return sha256(text.encode()).hexdigest()


def _written(value: datetime | date) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return value.isoformat()


class Line(NamedTuple):
    """A line on both sides: ``same``, ``changed``, ``added`` or ``removed``."""

    kind: str
    before: str
    after: str


def differences(before: list[str], after: list[str]) -> list[Line]:
    """Compare two texts line by line, side by side."""
    return list(_lines(before, after))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        left, right = before[i:j], after[k:m]
        for n in range(max(len(left), len(right))):
            one = left[n] if n < len(left) else ""
            other = right[n] if n < len(right) else ""
            if tag == "equal":
                yield Line("same", one, other)
            elif n >= len(left):
                yield Line("added", "", other)
            elif n >= len(right):
                yield Line("removed", one, "")
            else:
                yield Line("changed", one, other)
