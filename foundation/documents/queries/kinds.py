"""Kinds of documents: what readers call them, and where their pages are.

Every app that has documents says so once, when it is loaded.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from foundation.documents.models import Version

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Kind:
    """What a document of a kind is called, and the name of the address of its page."""

    label: "_StrPromise | str"
    page: str


_KINDS: dict[str, Kind] = {}


def register(kind: str, label: "_StrPromise | str", *, page: str) -> None:
    """Make a kind of documents known; ``page`` takes the id of a version."""
    _KINDS[kind] = Kind(label, page)


def label_of(version: Version) -> str:
    """Return what readers call the document; blank for one that nobody registered."""
    known = _KINDS.get(version.kind)
    return str(known.label) if known else ""


def address_of(version: Version) -> str:
    """Return the page of a version; blank for one that nobody registered."""
    known = _KINDS.get(version.kind)
    return reverse(known.page, args=[version.pk]) if known else ""
