"""Who is told what happened to a document, and in what words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.enums import Role
from foundation.documents.models import Version
from foundation.documents.queries import versions
from foundation.documents.queries.signers import signers
from foundation.notifications.domain.registry import (
    About,
    Happened,
    Kind,
    Telling,
    Words,
    kind,
    tells,
)

TO_SIGN, SIGNED, REJECTED = (
    "documents.to_sign",
    "documents.signed",
    "documents.rejected",
)
_SUBJECT = "documents.version"
_PAGES = {
    "definition": "leads:definition-detail",
    "agreement": "sla:agreement-detail",
}
"""Where a kind of document is read, by the first word of its kind."""
_SIGN = {
    *(Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING, Role.LEADERSHIP),
    *(Role.SALES_REP, Role.MARKETER),  # as deputies
}
_DRAFT = {*_SIGN, Role.REVENUE_OPERATIONS}


@tells("documents.version.proposed")
def to_sign(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell everybody who signs, but for whoever proposed it."""
    people = signers()
    for event in events:
        yield from _each(people, TO_SIGN, event)


@tells("documents.version.completed")
def signed(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell those who sign and those who drafted that both functions have signed."""
    people = signers()
    written = versions.authors({event.subject for event in events})
    for event in events:
        yield from _each(people | written[event.subject], SIGNED, event)


@tells("documents.version.rejected")
def rejected(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell those who sign and those who drafted that it will not be signed."""
    people = signers()
    written = versions.authors({event.subject for event in events})
    for event in events:
        yield from _each(people | written[event.subject], REJECTED, event)


def _each(people: set[int], name: str, event: Happened) -> Iterator[Telling]:
    for person in sorted(people - {event.actor}):
        subject = (_SUBJECT, event.subject)
        yield Telling(person, name, event.subject, subject, event.at)


def _read_to_sign(rows: Sequence[About]) -> Mapping[int, Words]:
    return _in_words(rows, _("“%(title)s” waits for your signature"), _sign_by)


def _read_signed(rows: Sequence[About]) -> Mapping[int, Words]:
    return _in_words(rows, _("“%(title)s” is signed by both sides"), _holds_from)


def _read_rejected(rows: Sequence[About]) -> Mapping[int, Words]:
    return _in_words(rows, _("“%(title)s” was not signed"), lambda row: row.reason)


def _in_words(
    rows: Sequence[About], title: str, note: Callable[[Version], str]
) -> Mapping[int, Words]:
    found = Version.objects.in_bulk({row.subject for row in rows})
    return {
        row.id: Words(
            title % {"title": found[row.subject].title},
            note(found[row.subject]),
            _page(found[row.subject]),
        )
        for row in rows
        if row.subject in found
    }


def _sign_by(row: Version) -> str:
    if row.sign_by_at is None:
        return ""
    return _("It should be signed by %(moment)s.") % {"moment": _moment(row.sign_by_at)}


def _holds_from(row: Version) -> str:
    if row.in_force_at is None:
        return ""
    return _("It holds from %(moment)s.") % {"moment": _moment(row.in_force_at)}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _page(row: Version) -> str:
    try:
        return reverse(_PAGES.get(row.kind.partition(".")[0], ""), args=[row.pk])
    except NoReverseMatch:
        return ""


def _count_to_sign(n: int) -> str:
    text = ngettext(
        "%(n)s document waits for your signature",
        "%(n)s documents wait for your signature",
        n,
    )
    return text % {"n": n}


def _count_signed(n: int) -> str:
    return ngettext("%(n)s document signed", "%(n)s documents signed", n) % {"n": n}


def _count_rejected(n: int) -> str:
    text = ngettext("%(n)s document not signed", "%(n)s documents not signed", n)
    return text % {"n": n}


kind(
    Kind(
        TO_SIGN,
        gettext_lazy("A document waits for your signature"),
        _count_to_sign,
        _read_to_sign,
        _SIGN,
    )
)
kind(
    Kind(
        SIGNED,
        gettext_lazy("A document was signed by both sides"),
        _count_signed,
        _read_signed,
        _DRAFT,
    )
)
kind(
    Kind(
        REJECTED,
        gettext_lazy("A document was not signed"),
        _count_rejected,
        _read_rejected,
        _DRAFT,
    )
)
