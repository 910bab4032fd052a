"""How many qualified leads a revenue goal needs, worked back by steps (domain §5)."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple


class Plan(NamedTuple):
    """What is wanted, and what experience says; shares and rates are above 0, up to 1.

    ``to_customer`` is opportunity → customer, ``to_opportunity`` qualified lead →
    opportunity; ``average`` is the value of a won deal in the currency of ``revenue``.
    """

    revenue: Decimal
    share: Decimal
    average: Decimal
    to_customer: Decimal
    to_opportunity: Decimal


class Goal(NamedTuple):
    """Whole customers, opportunities and leads, each rounded up."""

    customers: int
    opportunities: int
    leads: int


def work_back(plan: Plan) -> Goal:
    """Return what a plan needs; nothing is rounded but the three numbers themselves."""
    revenue, share, average, to_customer, to_opportunity = map(Fraction, plan)
    customers = ceil(revenue * share / average)
    opportunities = ceil(customers / to_customer)
    return Goal(customers, opportunities, ceil(opportunities / to_opportunity))
