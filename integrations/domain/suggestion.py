"""Guesses which column fills which target, and knows a header again."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from integrations.domain.kinds import Kind, kind_of
from integrations.domain.values.folding import folded

type Called = Mapping[str, Sequence[str]]
"""What people read on pages for each target, in every language."""


def suggest(
    kind: str, header: Sequence[str], called: Called | None = None
) -> dict[str, str]:
    """Return a column of the file for each target that one is recognised for.

    Columns are recognised by the target's own name and by other names for it in
    English, Romanian and Polish, whatever their case, accents and punctuation. A column
    is suggested once; own names go before other names, and those before what the target
    is ``called`` on pages.

    Raises:
        BadMapping: there is no such kind.
    """
    columns: dict[str, str] = {}
    for column in header:
        columns.setdefault(folded(column), column)
    found: dict[str, str] = {}
    for target, word in _words(kind_of(kind), called or {}):
        if target not in found and word in columns:
            found[target] = columns.pop(word)
    return found


def fingerprint(header: Sequence[str]) -> str:
    """Return what a set of column names is known again by, in whatever order they are.

    Two headers with the same names, capitals included, have the same; it never changes
    between versions, so a mapping can be remembered under it.
    """
    return sha256("\x1f".join(sorted(header)).encode()).hexdigest()


def _words(kind: Kind, called: Called) -> Iterator[tuple[str, str]]:
    """Yield the words for each target, own names first, then the likeliest first."""
    for target in kind.targets:
        yield target.name, folded(target.name)
    words = {target.name: target.words.split(",") for target in kind.targets}
    for rank in range(max(map(len, words.values()))):
        for name, others in words.items():
            if rank < len(others):
                yield name, folded(others[rank])
    for target in kind.targets:
        for name in called.get(target.name, ()):
            yield target.name, folded(name)
