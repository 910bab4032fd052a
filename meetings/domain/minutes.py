"""The seal under minutes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record, as 64 hexadecimal digits.

    The record is written as JSON with sorted keys and no spare space, so that the same
    record always has the same digest.
    """
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
