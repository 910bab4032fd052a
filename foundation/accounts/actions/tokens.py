import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from foundation.accounts.domain import tokens
from foundation.accounts.enums import Role
from foundation.accounts.models import ApiToken, User
from foundation.accounts.rules import SCOPES
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger

LONGEST_LIFE = timedelta(days=365)
_TOUCH_EVERY = timedelta(minutes=1)


class UnknownScope(Invalid):
    """A scope that no permission asks for."""

    code = "unknown_scope"


class TooLong(Invalid):
    """A token lives for a year at most."""

    code = "token_life"


def create(
    *,
    owner: User,
    name: str,
    scopes: Collection[str],
    by: User | None,
    at: datetime,
    life: timedelta = timedelta(days=90),
) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is shown once and not kept.

    Raises:
        UnknownScope: a scope does not exist.
        TooLong: it would live for more than a year.
    """
    if unknown := set(scopes) - set(SCOPES.values()):
        raise UnknownScope(f"There is no scope {min(unknown)}.", field="scopes")
    if not timedelta() < life <= LONGEST_LIFE:
        raise TooLong("A token lives for at most a year.", field="life")
    token = tokens.generate()
    with ledger.entry(by=by, at=at, cause="token") as entry:
        row = ApiToken.objects.create(
            key=token.key,
            name=name,
            owner=owner,
            scopes=sorted(scopes),
            digest=token.digest,
            created_by=by,
            created_at=at,
            expires_at=at + life,
        )
        entry.record("accounts.token.created", subject=("accounts.token", row.pk))
    return row, str(token)


def revoke(token: ApiToken, *, by: User | None, at: datetime) -> None:
    """End a token at once. Revoking again changes nothing."""
    with ledger.entry(by=by, at=at, cause="token") as entry:
        live = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if live.update(revoked_at=at):
            entry.record("accounts.token.revoked", subject=("accounts.token", token.pk))


def authenticate(text: str, *, at: datetime) -> ApiToken | None:
    """Return the live token with its owner, or None; note its use once a minute.

    A token dies with its owner: somebody disabled has none.
    """
    sent = tokens.parse(text)
    if sent is None:
        return None
    rows = ApiToken.objects.select_related("owner")
    row = rows.filter(key=sent.key, revoked_at__isnull=True, expires_at__gt=at).first()
    if row is None or not secrets.compare_digest(row.digest, sent.digest):
        return None
    if not row.owner.is_active and row.owner.role != Role.INTEGRATION:
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - _TOUCH_EVERY)
    if row.last_used_at is None or row.last_used_at < at - _TOUCH_EVERY:
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=at)
    return row
