"""How single values of an agreement are written in JSON, and what can be wrong."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from leads.domain.criteria.faults import Fault

type Read = Callable[[Any, str, list[Fault]], Any]
"""Reads a value at a pointer, in its one normal form; adds what is wrong to a list."""

LONGEST_TEXT = 2_000
_MOST_DIGITS = 14
_CURRENCY = re.compile("[A-Z]{3}")


class WrongAgreementForm(ValueError):
    """It cannot be promised or measured; ``faults`` says all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.pointer or '/'}: {f.code}" for f in faults))
        self.faults = list(faults)


def whole(least: int, most: int) -> Read:
    """Read a whole number within bounds."""

    def read(value: Any, at: str, faults: list[Fault]) -> int:  # noqa: ANN401 -- JSON
        if isinstance(value, bool) or not isinstance(value, int):
            faults.append(Fault(at, "not_a_number"))
        elif not least <= value <= most:
            faults.append(Fault(at, "out_of_range", {"least": least, "most": most}))
        else:
            return value
        return least

    return read


def share(value: Any, at: str, faults: list[Fault]) -> str:  # noqa: ANN401 -- JSON
    """Read a share above 0 and up to 1, at thousandths, as its shortest decimal."""
    number = _decimal(value)
    if number is None:
        faults.append(Fault(at, "not_a_share"))
    elif not 0 < number <= 1 or number != round(number, 3):
        faults.append(Fault(at, "share_out_of_range"))
    else:
        return f"{number.normalize():f}"
    return "1"


def money(value: Any, at: str, faults: list[Fault]) -> str:  # noqa: ANN401 -- JSON
    """Read an amount above 0 with cents."""
    number = _decimal(value)
    if number is None:
        faults.append(Fault(at, "not_an_amount"))
    elif number <= 0 or number != round(number, 2):
        faults.append(Fault(at, "amount_out_of_range"))
    else:
        return f"{number:.2f}"
    return "0.01"


def _decimal(value: Any) -> Decimal | None:  # noqa: ANN401 -- JSON
    """Return a number that is written as a text, or as a whole one; else None.

    Fractions come as texts, so that what is signed is what was written.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(str(value)) <= _MOST_DIGITS else None


def text(most: int) -> Read:
    """Read a text of at most so many characters, trimmed; blank is allowed."""

    def read(value: Any, at: str, faults: list[Fault]) -> str:  # noqa: ANN401 -- JSON
        if not isinstance(value, str):
            faults.append(Fault(at, "not_a_text"))
            return ""
        if len(value) > most:
            faults.append(Fault(at, "too_long", {"most": most}))
        if "\x00" in value:
            faults.append(Fault(at, "control_character"))
        return value.strip()

    return read


def one_of(allowed: Collection[str]) -> Read:
    """Read one of a few words."""

    def read(value: Any, at: str, faults: list[Fault]) -> str:  # noqa: ANN401 -- JSON
        if isinstance(value, str) and value in allowed:
            return value
        faults.append(Fault(at, "unknown_choice", {"allowed": ", ".join(allowed)}))
        return ""

    return read


def some_of(allowed: Collection[str], *, least: int = 0) -> Read:
    """Read a list of different words, in the order in which they are allowed."""

    def read(value: Any, at: str, faults: list[Fault]) -> list[str]:  # noqa: ANN401 -- JSON
        if not isinstance(value, list):
            faults.append(Fault(at, "not_a_list"))
            return []
        choose = one_of(allowed)
        found = {choose(each, f"{at}/{n}", faults) for n, each in enumerate(value)}
        if len(found) < least:
            faults.append(Fault(at, "no_values"))
        return [word for word in allowed if word in found]

    return read


def currency(value: Any, at: str, faults: list[Fault]) -> str:  # noqa: ANN401 -- JSON
    """Read a currency as its three capital letters."""
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    faults.append(Fault(at, "not_a_currency"))
    return ""


def nothing_or(read: Read) -> Read:
    """Read a value that may be null."""

    def maybe(value: Any, at: str, faults: list[Fault]) -> Any:  # noqa: ANN401 -- JSON
        return None if value is None else read(value, at, faults)

    return maybe


def fields(
    source: Any,  # noqa: ANN401 -- JSON
    known: Mapping[str, Read],
    defaults: Mapping[str, Any],
    at: str,
    faults: list[Fault],
) -> dict[str, Any]:
    """Read an object: known names only, each given or with a default."""
    if not isinstance(source, Mapping):
        faults.append(Fault(at, "not_an_object"))
        return {}
    faults += [Fault(f"{at}/{n}", "unknown_name") for n in source if n not in known]
    found = {}
    for name, read in known.items():
        if name in source:
            found[name] = read(source[name], f"{at}/{name}", faults)
        elif name in defaults:
            found[name] = defaults[name]
        else:
            faults.append(Fault(f"{at}/{name}", "value_missing"))
    return found
