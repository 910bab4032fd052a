"""An invitation's link: ``<id>-<secret>``, the secret made from the product's own.

It can be made again for a mail that has to be sent again, and is kept nowhere; the
invitation holds its SHA-256 only.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Link:
    invitation: int
    secret: str

    def __str__(self) -> str:
        return f"{self.invitation}-{self.secret}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()


def make(invitation: int, created_at: datetime, *, key: str) -> Link:
    """Return the link of an invitation; the same again for the same three."""
    message = f"invitation|{invitation}|{created_at.timestamp()}"
    seal = hmac.digest(key.encode(), message.encode(), "sha256")
    return Link(invitation, base64.urlsafe_b64encode(seal).decode().rstrip("="))


def parse(text: str) -> Link | None:
    """Read a link as somebody followed it; None if it is not one."""
    number, _, secret = text.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19 and secret):
        return None
    return Link(int(number), secret)
