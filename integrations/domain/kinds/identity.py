from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to tell records apart: rows with the same key are the same record.

    The key is made of ``filled``, which must all be filled for it to count, and of
    ``also``, which take part whatever they hold. It does not count in a row in which
    any of ``unless`` is filled.
    """

    filled: tuple[str, ...]
    also: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def by_reference(
    references: tuple[str, ...], also: tuple[str, ...], unless: tuple[str, ...] = ()
) -> tuple[Identity, ...]:
    """Return one identity for each way to name the record that a fact belongs to."""
    return tuple(Identity((name,), also, unless) for name in references)


EXTERNAL = Identity(("external_system", "external_id"))
