"""What holds the result back, on the newest cohort that is complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from foundation.kernel.periods import DAY, Period, Step, around
from kpis.domain import bottlenecks
from kpis.domain.bottlenecks import Passage, Target, typical
from kpis.domain.questions import Question
from kpis.domain.ratios import is_small, ratio
from kpis.queries import entries, second_chances, targets
from kpis.queries.asks import Ask, prepare
from kpis.queries.reading import Reading
from kpis.queries.values import answer
from leads.domain.path import ORDER

COHORTS = 4
"""From how many mature cohorts a step without an agreed target gets its norm."""

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Sample:
    """Refused leads that were worked all the same, and how many became customers."""

    leads: int
    customers: int

    @property
    def rate(self) -> Decimal | None:
        """The share that became customers; None where they are too few to say."""
        return None if is_small(self.leads) else ratio(self.customers, self.leads)


@dataclass(frozen=True)
class Finding:
    """The steps of one cohort's path, and the one that costs most, if any.

    ``worst`` is None where no step costs anything or there is not enough data.
    ``average_deal`` is that of the deals won in the last 365 days. ``second_chance``
    tells how many refused leads were worked all the same, and how many of them became
    customers.
    """

    cohort: Period
    within: int
    entries: int
    steps: tuple[bottlenecks.Step, ...]
    worst: bottlenecks.Step | None
    average_deal: Decimal | None
    won_deals: int
    second_chance: Sample = Sample(0, 0)


def find(seen: Reading, *, step: Step = Step.QUARTER) -> Finding:
    """Judge the path of the newest mature cohort of new leads.

    A cohort is the leads created in one calendar quarter (or month), followed for the
    workspace's window for the whole path. The rate of a step is the share of those who
    came to its beginning that came to its end, all within the window. Its target is
    the one agreed for the cohort's period, else the median of the last four mature
    cohorts. What sales refused is taken to convert as the second-chance sample did
    within that window, of the last 365 days whose leads have all had it.
    """
    within = seen.workspace.path_window_days
    cohorts = mature_cohorts(seen, within, step)
    reached = _reached(seen, cohorts, within)
    passages = _with_implied(seen, cohorts[-1], reached[-1])
    deal, won = _average_deal(seen)
    sample = _sample(seen, within)
    judged = bottlenecks.steps(
        passages,
        _targets(seen, cohorts, reached, within),
        average_deal=deal,
        second_chance=sample.rate,
    )
    return Finding(
        cohort=cohorts[-1],
        within=within,
        entries=passages[0].reached,
        steps=tuple(judged),
        worst=bottlenecks.bottleneck(judged),
        average_deal=deal,
        won_deals=won,
        second_chance=sample,
    )


def mature_cohorts(seen: Reading, within: int, step: Step) -> list[Period]:
    """Return the last four cohorts that have all had the window, the newest last."""
    newest = around(seen.today - timedelta(within), step)
    if newest.end + timedelta(within) > seen.today:
        newest = around(newest.first - DAY, step)
    found = [newest]
    while len(found) < COHORTS:
        found.append(around(found[-1].first - DAY, step))
    return found[::-1]


def _reached(
    seen: Reading, cohorts: Sequence[Period], within: int
) -> list[dict[str, int]]:
    """Return for each cohort how many came to each stage in time. One statement."""
    ask = _ask(seen, cohorts, within)
    found = entries.counts(ask, ORDER[0], ORDER[1:])
    empty = dict.fromkeys(["", *ORDER[1:]], 0)
    return [
        {**empty, **found.get((slot, None), {})} for slot in range(1, len(cohorts) + 1)
    ]


def _ask(seen: Reading, cohorts: Sequence[Period], within: int | None) -> Ask:
    span = Period(cohorts[0].first, cohorts[-1].end, "")
    question = Question("lead_to_customer", span, within=within)
    return prepare(question, seen, cohorts)


def _with_implied(
    seen: Reading, cohort: Period, reached: dict[str, int]
) -> list[Passage]:
    """Add the share of implied ones among the entries of the cohort's days."""
    entered = entries.volumes(_ask(seen, [cohort], within=None), ORDER)
    return [
        Passage(stage, reached["" if stage == ORDER[0] else stage], *entered[stage])
        for stage in ORDER
    ]


def _targets(
    seen: Reading,
    cohorts: Sequence[Period],
    reached: Sequence[dict[str, int]],
    within: int,
) -> dict[str, Target]:
    keys = [f"{before}_to_{after}" for before, after in pairwise(ORDER)]
    agreed = targets.of(keys, cohorts[-1], as_of=seen.as_of)
    found = {}
    for key, (before, after) in zip(keys, pairwise(ORDER), strict=True):
        if key in agreed:
            found[key] = Target(agreed[key], agreed=True)
            continue
        rates = [
            ratio(n[after], n["" if before == ORDER[0] else before]) for n in reached
        ]
        if (norm := typical(rates)) is not None:
            found[key] = Target(norm, agreed=False)
    return found


def _sample(seen: Reading, within: int) -> Sample:
    span = second_chances.mature(seen, within)
    found = second_chances.results(seen, span)[second_chances.SAMPLE]
    return Sample(found.leads, found.customers)


def _average_deal(seen: Reading) -> tuple[Decimal | None, int]:
    year = Period(seen.today - YEAR + DAY, seen.today + DAY, "")
    asked = Question("average_deal", year)
    measure = answer(asked, seen, [year]).total
    return measure.value, measure.n
