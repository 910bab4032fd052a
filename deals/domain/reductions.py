"""What a reduction of monthly revenue is worth in the workspace's currency.

A reduction converts at the rate of the entries it takes away from, oldest first, so
that nothing is left over when a customer leaves (domain §6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from foundation.kernel.money import cents

_ADDS = frozenset({"new", "expansion"})


@dataclass
class Layer:
    """What is left of one addition, in its own currency and in ours."""

    amount: Decimal
    base: Decimal | None


@dataclass
class Account:
    """The layers of one customer's monthly revenue in one currency."""

    layers: list[Layer] = field(default_factory=list)

    @property
    def running(self) -> Decimal:
        return sum((layer.amount for layer in self.layers), Decimal())

    def add(self, amount: Decimal, base: Decimal | None) -> None:
        """Put an addition on top."""
        self.layers.append(Layer(amount, base))

    def reduce(self, amount: Decimal) -> Decimal | None:
        """Take ``amount`` away, oldest first; return its worth in our currency.

        The whole rest of a layer takes its whole rest in our currency, to the cent.
        None where the worth of a layer is not known.

        Raises:
            ValueError: more is taken away than there is.
        """
        if amount > self.running:
            raise ValueError(str(self.running))
        worth: Decimal | None = Decimal()
        while amount:
            layer = self.layers[0]
            part = min(amount, layer.amount)
            taken = _share(layer, part)
            worth = None if worth is None or taken is None else worth + taken
            amount -= part
            _shrink(layer, part, taken)
            if not layer.amount:
                self.layers.pop(0)
        return worth


def _share(layer: Layer, part: Decimal) -> Decimal | None:
    if layer.base is None or part == layer.amount:
        return layer.base
    return cents(layer.base * part / layer.amount)


def _shrink(layer: Layer, part: Decimal, taken: Decimal | None) -> None:
    layer.amount -= part
    if layer.base is not None and taken is not None:
        layer.base -= taken


def replay(entries: Iterable[tuple[str, Decimal, Decimal | None]]) -> Account:
    """Build a customer's account from ``(kind, amount, base)`` in order of date."""
    account = Account()
    for kind, amount, base in entries:
        if kind in _ADDS:
            account.add(amount, base)
        elif kind != "one_off":
            account.reduce(amount)
    return account
