"""Which step of the path holds the result back. It names a step, never a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from itertools import pairwise
from statistics import median

from kpis.domain.ratios import is_small, ratio, tenth, wilson

HALF = Decimal("0.5")
_EXACT = Context(prec=60)

NOT_MEASURED = "not_measured"
NOT_ENOUGH = "not_enough_data"
NO_TARGET = "no_target"
MEASURED = "measured"


@dataclass(frozen=True)
class Passage:
    """How many of a cohort came to a stage; and of the stage's entries, the implied."""

    stage: str
    reached: int
    entries: int = 0
    implied: int = 0


@dataclass(frozen=True)
class Step:
    """From one stage to the next: how it goes, how it should, and what that is worth.

    ``impact`` is what the cohort would have brought more with the step at its target,
    all others as they are: ``customers``, and money where the worth of a deal is
    known. ``low`` and ``high`` come from the ends of the step's own interval.
    ``state`` says why there is none: mostly implied, too few, or no target.
    """

    stage: str
    to_stage: str
    n: int
    reached: int
    state: str
    rate: Decimal | None = None
    low_rate: Decimal | None = None
    high_rate: Decimal | None = None
    target: Decimal | None = None
    target_agreed: bool = False
    customers: Decimal | None = None
    impact: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    assumption: str = ""


@dataclass(frozen=True)
class Target:
    """What a step should be; not agreed means the median of the last cohorts."""

    rate: Decimal
    agreed: bool


def typical(rates: Sequence[Decimal | None]) -> Decimal | None:
    """Return the median of the cohorts that have a rate; none below two of them."""
    known = [rate for rate in rates if rate is not None]
    if len(known) < 2:
        return None
    return tenth(median(known))


def steps(
    passages: Sequence[Passage],
    targets: Mapping[str, Target],
    *,
    average_deal: Decimal | None,
    second_chance: Decimal | None = None,
) -> list[Step]:
    """Judge every step of one cohort's path, in order.

    Args:
        passages: of the cohort, from the first stage to the last.
        targets: by ``<stage>_to_<next>``.
        average_deal: worth of a won deal; None where it is not known.
        second_chance: share of refused leads that become customers when worked all the
            same, where thirty or more were; the extra leads of the acceptance step
            convert like them, else at half the rate of the accepted ones.
    """
    rates = [
        ratio(after.reached, before.reached) for before, after in pairwise(passages)
    ]
    return [
        _step(
            passages[i : i + 2],
            targets.get(f"{passages[i].stage}_to_{passages[i + 1].stage}"),
            onward=_product(rates[i + 1 :]),
            average_deal=average_deal,
            second_chance=second_chance,
        )
        for i in range(len(rates))
    ]


def _step(
    ends: Sequence[Passage],
    target: Target | None,
    *,
    onward: Decimal,
    average_deal: Decimal | None,
    second_chance: Decimal | None,
) -> Step:
    before, after = ends
    step = Step(
        stage=before.stage,
        to_stage=after.stage,
        n=before.reached,
        reached=after.reached,
        state=_state(before, after, target),
        rate=ratio(after.reached, before.reached),
    )
    if target is None or step.state != MEASURED:
        return step
    each, assumption = _worth(before.stage, onward, second_chance)
    told = replace(step, assumption=assumption)
    return _with_impact(told, target, each=each, average_deal=average_deal)


def _with_impact(
    step: Step, target: Target, *, each: Decimal, average_deal: Decimal | None
) -> Step:
    between = wilson(step.reached, step.n)
    if step.rate is None or between is None:
        return step
    customers, low, high = (
        max(Decimal(), target.rate - rate) * step.n * each
        for rate in (step.rate, between.high, between.low)
    )
    money = [
        None if average_deal is None else gain * average_deal
        for gain in (customers, low, high)
    ]
    return replace(
        step,
        low_rate=between.low,
        high_rate=between.high,
        target=target.rate,
        target_agreed=target.agreed,
        customers=customers,
        impact=money[0],
        low=money[1],
        high=money[2],
    )


def _state(before: Passage, after: Passage, target: Target | None) -> str:
    if after.implied * 2 > after.entries:
        return NOT_MEASURED
    if is_small(before.reached):
        return NOT_ENOUGH
    return MEASURED if target else NO_TARGET


def _worth(
    stage: str, onward: Decimal, second_chance: Decimal | None
) -> tuple[Decimal, str]:
    """Return how many customers one more lead past the step brings, and why so many."""
    if stage != "mql":
        return onward, ""
    if second_chance is not None:
        return second_chance, "second_chance"
    return onward * HALF, "half_of_accepted"


def _product(rates: Sequence[Decimal | None]) -> Decimal:
    product = Decimal(1)
    with localcontext(_EXACT):
        for rate in rates:
            product *= rate or 0
    return product


def bottleneck(found: Sequence[Step]) -> Step | None:
    """Return the step that costs most; None where none costs anything."""
    costly = [step for step in found if step.customers]
    return max(costly, key=lambda step: step.customers or 0, default=None)
