"""Rows of one file that speak of the same record.

A later row of a file updates the earlier one, as if each came in a file of its own.
Set-based SQL sees a record once in a statement, so rows are dealt out in waves: within
one no record comes twice, and a record's later rows are in later waves. A file without
such rows, the usual one, is a single wave.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from integrations.domain.kinds import Identity
from integrations.domain.mapping import Mapping
from integrations.domain.rows import Accepted

type Key = tuple[Hashable, ...] | None


def identities_of(mapping: Mapping) -> tuple[Identity, ...]:
    """Return the ways in which the mapped targets tell records apart, strongest first.

    Of targets that take part whatever they hold, those that are not mapped are left
    out. For keys of a merge in SQL.
    """
    mapped = set(mapping.targets)
    return tuple(
        Identity(
            identity.filled,
            tuple(name for name in identity.also if name in mapped),
            tuple(name for name in identity.unless if name in mapped),
        )
        for identity in mapping.kind.identities
        if mapped.issuperset(identity.filled)
    )


def keys_of(
    mapping: Mapping, identity: Identity, accepted: Iterable[Accepted]
) -> list[Key]:
    """Return the key of each row under one identity, None where it does not count."""
    places = {name: place for place, name in enumerate(mapping.targets, 1)}
    filled = [places[name] for name in identity.filled]
    also = [places[name] for name in identity.also]
    unless = [places[name] for name in identity.unless]
    return [
        tuple(row[place] for place in (*filled, *also))
        if all(row[place] is not None for place in filled)
        and all(row[place] is None for place in unless)
        else None
        for row in accepted
    ]


def waves(mapping: Mapping, accepted: Sequence[Accepted]) -> list[list[Accepted]]:
    """Deal accepted rows out so that no wave names a record twice.

    Rows share a record when they share a key under any identity. Order is kept within
    a wave; there is at least one wave, possibly empty.
    """
    by_identity = [
        keys_of(mapping, identity, accepted) for identity in identities_of(mapping)
    ]
    if not any(map(_has_duplicates, by_identity)):
        return [list(accepted)]
    return _dealt(accepted, by_identity)


def _has_duplicates(keys: Sequence[Key]) -> bool:
    counting = [key for key in keys if key is not None]
    return len(set(counting)) < len(counting)


def _dealt(
    accepted: Sequence[Accepted], by_identity: Sequence[Sequence[Key]]
) -> list[list[Accepted]]:
    dealt: dict[int, list[Accepted]] = defaultdict(list)
    following: dict[tuple[int, Key], int] = {}
    for row, *keys in zip(accepted, *by_identity, strict=True):
        own = [(n, key) for n, key in enumerate(keys) if key is not None]
        wave = max((following.get(key, 0) for key in own), default=0)
        dealt[wave].append(row)
        following.update(dict.fromkeys(own, wave + 1))
    return [dealt[wave] for wave in sorted(dealt)]
