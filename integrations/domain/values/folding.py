"""Names compared without case, accents and punctuation."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
# Letters that decomposition leaves whole.
_WHOLE = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "\u0131": "i", "æ": "ae", "œ": "oe"}
)


def folded(text: str) -> str:
    """Return ``text`` in plain lower-case letters and digits, words joined by ``_``.

    “Județ (RO)” → ``judet_ro``. Romanian cedillas and commas below come out the same.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub("_", letters).strip("_")
