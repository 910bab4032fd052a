"""Intervals of a week that are open twice, which the agreement cannot mean."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sla.domain.spans import DAY, Span, Spans


def first_overlap(days: Sequence[Spans]) -> tuple[int, Span, Span] | None:
    """Return the place of the day and the two intervals that overlap, if any do.

    Args:
        days: the intervals that begin on each of seven days, which follow each other
            round and round: what lasts beyond Sunday's midnight reaches into Monday.

    Returns:
        The day on which the second of them begins. Intervals that only touch are fine.
    """
    found = sorted(_overlaps(days))
    return found[0] if found else None


def overlaps_within(spans: Spans) -> tuple[Span, Span] | None:
    """Return the first two intervals of one day that overlap, if any do."""
    return next((pair for pair in pairwise(spans) if _overlap(*pair)), None)


def _overlaps(days: Sequence[Spans]) -> Iterator[tuple[int, Span, Span]]:
    for place, spans in enumerate(days):
        pair = overlaps_within(spans)
        if pair is not None:
            yield place, *pair
        yield from _with_the_eve(place, days[place - 1], spans)


def _with_the_eve(
    place: int, eve: Spans, spans: Spans
) -> Iterator[tuple[int, Span, Span]]:
    for late in eve:
        tail = Span(late.opens - DAY, late.closes - DAY)
        yield from ((place, late, span) for span in spans if _overlap(tail, span))


def _overlap(one: Span, other: Span) -> bool:
    return one.opens < other.closes and other.opens < one.closes
