"""Whose turn it is to lead through a meeting."""

from foundation.accounts.enums import Function, Role
from foundation.accounts.models import User
from meetings.domain.rhythm import other
from meetings.enums import MeetingState
from meetings.models import Series

_HEADS = {
    Function.SALES: Role.HEAD_OF_SALES,
    Function.MARKETING: Role.HEAD_OF_MARKETING,
}


def next_side(series: Series) -> Function:
    """Return the team whose turn it is: the other one than last time.

    A meeting that was skipped does not count; whose turn it was has it still.
    """
    took_place = series.meetings.exclude(state=MeetingState.SKIPPED)
    last = took_place.order_by("-starts_at").values_list("side", flat=True).first()
    return Function(other(last)) if last else Function(series.first_side)


def facilitator(series: Series, side: Function) -> User | None:
    """Return who leads when it is the turn of ``side``.

    The person the series names, else the longest-serving head of that team; None
    where there is neither.
    """
    named: User | None = getattr(series, f"{side}_facilitator")
    if named is not None and named.is_active and named.function == side:
        return named
    heads = User.objects.filter(role=_HEADS[side], is_active=True)
    return heads.order_by("joined_at", "pk").first()
