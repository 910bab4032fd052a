from dataclasses import dataclass, field
from functools import cached_property

from integrations.domain.kinds.identity import Identity
from integrations.domain.kinds.rules import Filled, NeedsSystem, OneOf, Rule
from integrations.domain.kinds.target import Target


@dataclass(frozen=True)
class Kind:
    """What a file of one kind can hold.

    ``targets`` in the order in which their values come out. ``one_of``: groups of
    targets of which every row fills at least one. ``identifiers``: targets that mean
    something only beside ``external_system``. ``rules``: what else must hold in a row.
    ``identities``: what tells records apart, strongest first.
    """

    name: str
    help: str
    targets: tuple[Target, ...]
    identities: tuple[Identity, ...]
    one_of: tuple[OneOf, ...] = ()
    identifiers: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=())

    @cached_property
    def by_name(self) -> dict[str, Target]:
        """The targets by their names."""
        return {target.name: target for target in self.targets}

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Every rule for the cells of one row."""
        filled = (Filled(target.name) for target in self.targets if target.required)
        return (*filled, *self.one_of, NeedsSystem(self.identifiers), *self.rules)
