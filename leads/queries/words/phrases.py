"""Text in which some words are stressed, as plain text and as safe HTML."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_PART = re.compile(r"(\*|~|%\(\w+\)s)")
_MARKS = {"*": "b", "~": "em"}


class Piece(NamedTuple):
    """``stress`` is ``b`` for what matters, ``em`` for words that join, or blank."""

    text: str
    stress: str = ""


@dataclass(frozen=True)
class Phrase:
    """Pieces of text that follow each other."""

    pieces: tuple[Piece, ...] = ()

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    @property
    def html(self) -> SafeString:
        """Stressed pieces in ``<b>`` and ``<em>``; everything is escaped."""
        return format_html_join("", "{}", ((_html(piece),) for piece in self.pieces))

    @property
    def capitalized(self) -> "Phrase":
        """Begin with a capital letter."""
        if not self.pieces:
            return self
        first, *others = self.pieces
        text = first.text[:1].upper() + first.text[1:]
        return Phrase((Piece(text, first.stress), *others))


def _html(piece: Piece) -> str:
    match piece.stress:
        case "b":
            return format_html("<b>{}</b>", piece.text)
        case "em":
            return format_html("<em>{}</em>", piece.text)
        case _:
            return piece.text


def say(template: str | Promise, **values: "Phrase | str | Promise") -> Phrase:
    """Fill a template in; it marks ``*stressed*`` and ``~joining~`` words."""
    return Phrase(tuple(_merged(_pieces(str(template), values))))


def _pieces(
    template: str, values: dict[str, "Phrase | str | Promise"]
) -> Iterator[Piece]:
    stress = ""
    for token in _PART.split(template):
        if token in _MARKS:
            stress = "" if stress else _MARKS[token]
        elif token.startswith("%("):
            value = values[token[2:-2]]
            if isinstance(value, Phrase):
                yield from value.pieces
            else:
                yield Piece(str(value), stress)
        elif token:
            yield Piece(token, stress)


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join neighbours of the same stress."""
    last: Piece | None = None
    for piece in pieces:
        if last is None or last.stress != piece.stress:
            if last is not None:
                yield last
            last = piece
        else:
            last = Piece(last.text + piece.text, last.stress)
    if last is not None:
        yield last


def both(phrases: Sequence[Phrase]) -> Phrase:
    """Join what must all hold: “a, b and c”."""
    return _joined(phrases, _("%(some)s ~and~ %(last)s"))


def either(phrases: Sequence[Phrase]) -> Phrase:
    """Join what suffices each: “a, b or c”."""
    return _joined(phrases, _("%(some)s ~or~ %(last)s"))


def _joined(phrases: Sequence[Phrase], template: str) -> Phrase:
    if not phrases:
        return Phrase()
    *some, last = phrases
    if not some:
        return last
    return say(template, some=_commas(some), last=last)


def _commas(phrases: Sequence[Phrase]) -> Phrase:
    first, *others = phrases
    pieces = list(first.pieces)
    for phrase in others:
        pieces += [Piece(", "), *phrase.pieces]
    return Phrase(tuple(_merged(pieces)))


def one_of(values: Iterable[str]) -> str:
    """List values: “a, b or c”."""
    *some, last = [*values] or [""]
    if not some:
        return last
    return _("%(some)s or %(last)s") % {"some": ", ".join(some), "last": last}
