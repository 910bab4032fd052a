"""Writes that may be sent twice and are done once (Idempotency-Key).

The answer is kept in the transaction of the write: a crash between the two leaves
neither, and the key is free again at once. Two requests at the same time are told
apart by an advisory lock that ends with the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import locks
from foundation.accounts.models import ApiToken, KeptAnswer, User
from foundation.kernel.errors import DomainError, Invalid

KEPT = timedelta(hours=24)
LONGEST_KEY = 255


class KeyInUse(DomainError):
    """The first request with this key is still being worked on."""

    code = "idempotency_key_in_use"


class KeyReused(Invalid):
    """The key came before with another request."""

    code = "idempotency_key_reused"


class BadKey(Invalid):
    """The key is empty, too long or not printable."""

    code = "idempotency_key"
    status = 400


@dataclass(frozen=True)
class Caller:
    """Whose keys these are: a token's, or a person's in the browser."""

    owner: User
    token: ApiToken | None

    def __str__(self) -> str:
        return f"{self.owner.pk}/{self.token.pk if self.token else ''}"


def claim(
    caller: Caller, key: str, *, fingerprint: str, at: datetime
) -> KeptAnswer | None:
    """Take the key for the rest of this transaction; return the answer kept, if any.

    Args:
        caller: keys of different callers have nothing to do with each other.
        key: the header's text, 1 to 255 printable characters.
        fingerprint: of method, address and body.
        at: now; an answer older than 24 hours has been forgotten.

    Raises:
        BadKey: the text is no key.
        KeyInUse: another request holds the key at this moment.
        KeyReused: the key was used for another method, address or body.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadKey(_("A key has 1 to 255 printable ASCII characters."))
    if not locks.try_take(locks.Lock.IDEMPOTENCY, f"{caller}/{key}"):
        raise KeyInUse(_("A request with this key is being worked on."))
    kept = _rows(caller, key).filter(expires_at__gt=at).first()
    if kept is not None and kept.fingerprint != fingerprint:
        raise KeyReused(_("This key was used for another request."))
    return kept


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes


def keep(
    caller: Caller, key: str, answer: Answer, *, fingerprint: str, at: datetime
) -> None:
    """Keep the answer for 24 hours, in the transaction in which `claim` was called."""
    _rows(caller, key).delete()
    KeptAnswer.objects.create(
        owner=caller.owner,
        token=caller.token,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        headers=dict(answer.headers),
        content=answer.content,
        kept_at=at,
        expires_at=at + KEPT,
    )


def forget(*, at: datetime) -> int:
    """Delete the answers that nobody can ask for any more; return how many."""
    return KeptAnswer.objects.filter(expires_at__lte=at).delete()[0]


def _rows(caller: Caller, key: str) -> QuerySet[KeptAnswer]:
    return KeptAnswer.objects.filter(owner=caller.owner, token=caller.token, key=key)
