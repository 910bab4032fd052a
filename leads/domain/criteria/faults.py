"""What can be wrong with criteria as they are written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a JSON pointer), a code and its values."""

    pointer: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


class WrongCriteria(ValueError):
    """The criteria cannot run; ``faults`` says everything that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.pointer or '/'}: {f.code}" for f in faults))
        self.faults = list(faults)
