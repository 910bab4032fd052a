"""Draft, propose, sign, reject and withdraw versions of documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Function
from foundation.accounts.models import User
from foundation.documents import signals
from foundation.documents.domain import digest_of
from foundation.documents.enums import State
from foundation.documents.models import Comment, Signature, Version
from foundation.documents.rules import capacities
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger

SUBJECT = "documents.version"
_LOCK = 4_207_040
_LATER = timedelta(microseconds=1)
_OPEN = (State.DRAFT, State.PROPOSED)


class WrongState(DomainError):
    """The version is at another point of its life than this needs."""

    code = "document_state"


class ChangedMeanwhile(DomainError):
    """Somebody else changed the draft since it was read."""

    code = "changed_meanwhile"
    status = 412


class OtherText(DomainError):
    """What was read is not what would be signed."""

    code = "other_text"


class NotASigner(Forbidden):
    """Somebody may not sign for any function that has not signed yet."""

    code = "not_a_signer"


class WrongDocument(Invalid):
    """Something in the document cannot be kept."""

    code = "wrong_document"


@dataclass(frozen=True)
class Text:
    """What a version says. Without ``effective_at`` it holds once both have signed."""

    title: str
    prose: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    effective_at: datetime | None = None
    review_on: date | None = None


def draft(
    kind: str, text: Text, *, by: User | None, at: datetime, least: int = 1
) -> Version:
    """Begin the next version of a document; its number is ``least`` or higher."""
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        _turn(kind)
        last = Version.objects.filter(kind=kind).aggregate(last=Max("number"))["last"]
        row = Version.objects.create(
            kind=kind,
            number=max((last or 0) + 1, least),
            title=text.title,
            prose=text.prose,
            content=dict(text.content),
            effective_at=text.effective_at,
            review_on=text.review_on,
            drafted_by=by,
            drafted_at=at,
            entry_id=entry.pk,
        )
        _tell(entry, "drafted", row)
    return row


def revise(
    version: Version, text: Text, *, revision: int, by: User, at: datetime
) -> Version:
    """Change a draft. Writing the same again changes nothing.

    Args:
        version: the draft.
        text: all of what it says now.
        revision: the revision that was read.
        by: who changes it.
        at: now.

    Raises:
        ChangedMeanwhile: it has another revision by now.
        WrongState: it is no draft any more.
    """
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        row = _draft(version, revision)
        values = {
            "title": text.title,
            "prose": text.prose,
            "content": dict(text.content),
            "effective_at": text.effective_at,
            "review_on": text.review_on,
        }
        if all(getattr(row, name) == value for name, value in values.items()):
            return row
        rows = Version.objects.filter(pk=row.pk)
        rows.update(**values, revision=F("revision") + 1)
        _tell(entry, "revised", row)
    row.refresh_from_db()
    return row


def propose(
    version: Version,
    *,
    by: User,
    at: datetime,
    sign_by_at: datetime | None = None,
    revision: int | None = None,
) -> Version:
    """Put a draft before both functions. What it says does not change any more.

    Args:
        version: the draft.
        by: who proposes it.
        at: now.
        sign_by_at: until when it should be signed; past it, it is put on the agenda.
        revision: the revision that was read, if that is to be proposed and no other.

    Raises:
        ChangedMeanwhile: it has another revision by now.
        WrongState: it is no draft.
        WrongDocument: the day from which it is to hold, or until which it is to be
            signed, has passed.
        Others: as the app that the document belongs to refuses it.
    """
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        row = _draft(version, revision)
        for name, moment in (
            ("effective_at", row.effective_at),
            ("sign_by_at", sign_by_at),
        ):
            if moment is not None and moment < at:
                raise WrongDocument(_("This moment has passed."), field=name)
        signals.proposing.send(Version, version=row)
        Version.objects.filter(pk=row.pk).update(
            state=State.PROPOSED,
            digest=_digest(row),
            proposed_by=by,
            proposed_at=at,
            sign_by_at=sign_by_at,
        )
        _tell(entry, "proposed", row)
    row.refresh_from_db()
    return row


def sign(version: Version, *, digest: str, by: User, at: datetime) -> Version:
    """Sign for every function that somebody may sign for and that has not yet signed.

    With the last signature the version holds: from the moment it names, or from now on
    where that has passed. Of several people who sign at once each signs once, and one
    of them last.

    Args:
        version: the proposal.
        digest: of the text that the signer read.
        by: who signs.
        at: now.

    Raises:
        NotASigner: they sign for no function, or theirs has signed.
        OtherText: the digest is not this version's.
        WrongState: it is not waiting for signatures.
    """
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        _turn(version.kind)
        row = _locked(version, State.PROPOSED)
        if digest != row.digest:
            raise OtherText(_("This is not the text that would be signed."))
        signed = set(row.signatures.values_list("function", flat=True))
        wanted = {f: c for f, c in capacities(by).items() if f not in signed}
        if not wanted:
            raise NotASigner(_("There is nothing here for you to sign."))
        Signature.objects.bulk_create(
            Signature(
                version=row,
                function=function,
                signed_by=by,
                capacity=capacity,
                digest=row.digest,
                signed_at=at,
                entry_id=entry.pk,
            )
            for function, capacity in wanted.items()
        )
        _tell(entry, "signed", row, functions=",".join(sorted(wanted)))
        if signed | set(wanted) == set(Function):
            _put_in_force(row, by=by, at=at, entry=entry)
    row.refresh_from_db()
    return row


def _put_in_force(
    row: Version, *, by: User, at: datetime, entry: ledger.Writer
) -> None:
    row.in_force_at = max(row.effective_at or at, at)
    same = Version.objects.filter(kind=row.kind)
    while same.filter(in_force_at=row.in_force_at).exists():
        # Of two for the same moment the one signed last holds.
        row.in_force_at += _LATER
    row.state = State.SIGNED
    Version.objects.filter(pk=row.pk).update(
        state=row.state, in_force_at=row.in_force_at
    )
    _tell(entry, "completed", row)
    signals.signed.send(Version, version=row, by=by, at=at)


def reject(version: Version, *, reason: str, by: User, at: datetime) -> Version:
    """Say no to a proposal for one's function, with the reason.

    Raises:
        NotASigner: somebody who signs for no function cannot reject either.
        WrongDocument: there is no reason.
        WrongState: it is not waiting for signatures.
    """
    if not capacities(by):
        raise NotASigner(_("Only who signs for a function can reject a proposal."))
    if not reason.strip():
        raise WrongDocument(_("Say why."), field="reason")
    return _close(version, State.REJECTED, reason=reason, by=by, at=at)


def withdraw(version: Version, *, by: User, at: datetime) -> Version:
    """Take back a draft or a proposal that is not signed by both.

    Raises:
        WrongState: both have signed, or it is over.
    """
    return _close(version, State.WITHDRAWN, reason="", by=by, at=at)


def _close(
    version: Version, state: State, *, reason: str, by: User, at: datetime
) -> Version:
    needed = [State.PROPOSED] if state == State.REJECTED else list(_OPEN)
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        row = _locked(version, *needed)
        Version.objects.filter(pk=row.pk).update(
            state=state, closed_by=by, closed_at=at, reason=reason.strip()
        )
        _tell(entry, str(state), row)
    row.refresh_from_db()
    return row


def comment(
    version: Version, text: str, *, by: User, at: datetime, place: str = ""
) -> Comment:
    """Say something about a version, as a whole or at a place in it.

    Raises:
        WrongDocument: nothing was said.
    """
    if not text.strip():
        raise WrongDocument(_("Write something."), field="text")
    with ledger.entry(by=by, at=at, cause="documents") as entry:
        row = Comment.objects.create(
            version=version,
            written_by=by,
            written_at=at,
            text=text.strip(),
            place=place,
            entry_id=entry.pk,
        )
        _tell(entry, "commented", version, comment=row.pk)
    return row


def _locked(version: Version, *states: State) -> Version:
    row = Version.objects.select_for_update().get(pk=version.pk)
    if row.state not in states:
        raise WrongState(_("This version is at another point of its life by now."))
    return row


def _draft(version: Version, revision: int | None) -> Version:
    row = _locked(version, State.DRAFT)
    if revision is not None and row.revision != revision:
        raise ChangedMeanwhile(
            _("Somebody else changed this draft meanwhile. Look at it again.")
        )
    return row


def _turn(kind: str) -> None:
    """Let drafts and signatures of one document wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, kind])


_SIGNED = (
    *("kind", "number", "title", "prose", "content"),
    *("effective_at", "review_on"),
)


def _digest(row: Version) -> str:
    return digest_of({name: getattr(row, name) for name in _SIGNED})


def _tell(entry: ledger.Writer, what: str, row: Version, **data: str | int) -> None:
    entry.record(
        f"documents.version.{what}",
        subject=(SUBJECT, row.pk),
        data={"kind": row.kind, "number": row.number, **data},
    )
