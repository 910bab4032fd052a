"""How near a lead is to the line between met and not met. Pure functions."""

from collections.abc import Iterator

from leads.domain.criteria.days import WHOLE
from leads.domain.criteria.judging import Answer, Judgement, Score


def distance(judged: Judgement) -> int:
    """Return how far a judgement is from becoming the other one, in millionths.

    Not met: the share of required conditions that are missing, and of points that are
    missing, added up. Met: the least surplus, of points as a share of those needed; of
    rules, one condition of all.
    """
    if not judged.met:
        return _missing(judged)
    surplus = [
        WHOLE * (score.points - score.needed) // max(score.needed, 1)
        for score in _scores(judged)
    ]
    if judged.rules is not None:
        leaves = list(_required(judged.rules))
        surplus.append(WHOLE // max(len(leaves), 1))
    return min(surplus, default=WHOLE)


def _missing(judged: Judgement) -> int:
    total = 0
    if judged.rules is not None and not judged.rules.met:
        leaves = [answer.met for answer in _required(judged.rules)]
        total += WHOLE * leaves.count(False) // max(len(leaves), 1)
    for score in _scores(judged):
        if not score.met:
            total += WHOLE * (score.needed - score.points) // max(score.needed, 1)
    return total


def _scores(judged: Judgement) -> list[Score]:
    return [score for score in (judged.fit, judged.engagement) if score is not None]


def _required(answer: Answer) -> Iterator[Answer]:
    if answer.node.optional:
        return
    if answer.answers:
        for inner in answer.answers:
            yield from _required(inner)
    else:
        yield answer
