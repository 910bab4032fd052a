"""Whether a promise was kept: the rules of domain §5, one clock at a time.

- **met**: done by ``breach_at``, and recorded by then.
- **breached**: ``breach_at`` passed without it. What is done or recorded afterwards
  tells how late it was and cures nothing.
- **cancelled**: there was nothing left to promise by ``breach_at``; or the lead is left
  out of all numbers.
- **running** otherwise, even past ``breach_at``: only the sweep flags a live breach,
  because people are told of it and silence accepts the lead. A clock that comes to
  run again more than a day after its breach is breached quietly instead.

History counts when it happened, whenever it was recorded.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sla.domain.passages import Deed, Stop
from sla.domain.terms import Moment
from sla.domain.timing import SECOND

TOO_LATE_TO_FIRE = 24 * 60 * 60 * SECOND
"""Changes learned later than this are evaluated silently."""


class Case(NamedTuple):
    """All that decides about one promise.

    ``struck`` names why the lead is left out of the numbers. ``flagged`` says that
    this very breach was flagged before: it stands, whatever is recorded now.
    ``reopened`` says that it did not run before. ``late_agreed`` says that the other
    side's head lets a late record count. ``resumes_at`` is the end of a pause that
    lasts now.
    """

    breach_at: Moment
    deeds: Sequence[Deed]
    stop: Stop | None = None
    struck: str = ""
    struck_at: Moment = 0
    history: bool = False
    flagged: bool = False
    reopened: bool = False
    late_agreed: bool = False
    resumes_at: Moment | None = None


class Verdict(NamedTuple):
    """What became of a promise."""

    state: str
    ended_at: Moment | None = None
    deed: Deed | None = None
    reason: str = ""
    waiting: bool = False


def judge(case: Case, now: Moment) -> Verdict:
    """Return what became of a promise, as far as it is known now."""
    if case.struck:
        return Verdict("cancelled", case.struck_at, reason=case.struck)
    timely = next((deed for deed in case.deeds if _in_time(case, deed)), None)
    if timely is not None:
        return Verdict("met", timely.at, timely)
    if case.stop is not None and _stopped_in_time(case, case.stop):
        return Verdict("cancelled", case.stop.at, reason=case.stop.reason)
    return _unkept(case, now)


def _in_time(case: Case, deed: Deed) -> bool:
    if deed.at > case.breach_at:
        return False
    if case.history or case.late_agreed:
        return True
    return deed.recorded_at <= case.breach_at and not case.flagged


def _stopped_in_time(case: Case, stop: Stop) -> bool:
    if stop.at > case.breach_at:
        return False
    return case.history or (stop.recorded_at <= case.breach_at and not case.flagged)


def _unkept(case: Case, now: Moment) -> Verdict:
    deed = case.deeds[0] if case.deeds else None
    waiting = deed is None and case.stop is None and not case.history
    broken = case.breach_at < now if case.history else is_quiet(case, now)
    if deed is None and not case.flagged and not broken:
        paused = case.resumes_at is not None and now < case.resumes_at
        return Verdict("paused" if paused else "running", waiting=waiting)
    return Verdict("breached", case.breach_at, deed, waiting=waiting)


def is_quiet(case: Case, now: Moment) -> bool:
    """Tell whether a breach of this clock is learned too late to tell people of it."""
    return case.reopened and case.breach_at + TOO_LATE_TO_FIRE < now
