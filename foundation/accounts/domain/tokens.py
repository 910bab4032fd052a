"""How an API token is written: ``alignment_token_<id>_<secret><checksum>``.

The id finds the row, the secret proves it, the checksum lets a scanner recognise a
leaked token without asking us. Only a SHA-256 of the secret is kept, which is enough
for 258 random bits.
"""

import hashlib
import secrets
import string
import zlib
from dataclasses import dataclass

PREFIX = "alignment_token"
_BASE62 = string.digits + string.ascii_letters
_ID, _SECRET, _CHECK = 8, 43, 6


@dataclass(frozen=True)
class Token:
    key: str
    secret: str

    def __str__(self) -> str:
        body = f"{PREFIX}_{self.key}_{self.secret}"
        return body + _checksum(body)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()


def generate() -> Token:
    """Return a new random token."""
    return Token(_random(_ID), _random(_SECRET))


def parse(text: str) -> Token | None:
    """Read a token as somebody sent it; None if it is not one, or was mistyped."""
    body, check = text[:-_CHECK], text[-_CHECK:]
    head, _, secret = body.rpartition("_")
    prefix, _, key = head.rpartition("_")
    if prefix != PREFIX or (len(key), len(secret)) != (_ID, _SECRET):
        return None
    if not secrets.compare_digest(_checksum(body).encode(), check.encode()):
        return None
    return Token(key, secret)


def _random(length: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(length))


def _checksum(body: str) -> str:
    number, out = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, 62)
        out = _BASE62[digit] + out
    return out
