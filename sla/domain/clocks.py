"""A clock worked out from the facts: pure, so that it can be done again at any time."""

from collections.abc import Sequence
from typing import NamedTuple

from sla.domain import judging, passages, timing
from sla.domain.judging import Case, Verdict
from sla.domain.passages import Change, Deed, Passage, Stop
from sla.domain.terms import ClauseTerms, Moment, Terms
from sla.domain.timing import Holding, Pauses, Times

HOUR = 60 * 60
LOUD, QUIET = 1, 2
_RUNS = frozenset({"running", "paused"})
LOGGED_LATE, SELF_REPORTED, BY_SILENCE, ALTHOUGH_MET = 1, 2, 4, 8


class Clock(NamedTuple):
    """A clock as it is stored; ``id`` 0 is one that is not yet.

    ``owner`` and ``calendar`` are those who have it, or had it when it ended. ``marks``
    are bits, in the order of the constants above. ``segments`` counts the stored rows
    of who had it, 0 where one had it all the time.
    """

    id: int
    lead: int
    round: int
    kind: str
    clause: int
    calendar: int
    owner: int | None
    change: int
    started_at: Moment
    due_at: Moment
    breach_at: Moment
    warn_at: Moment | None
    state: str
    waiting: bool
    history: bool
    done_at: Moment | None = None
    done_by: str = ""
    ended_at: Moment | None = None
    elapsed: int | None = None
    late: int | None = None
    cancelled_reason: str = ""
    marks: int = 0
    resumes_at: Moment | None = None
    segments: int = 0
    pauses: int = 0
    late_agreed: bool = False


class Segment(NamedTuple):
    """From ``since`` on a clock ran with this owner in this calendar."""

    owner: int | None
    calendar: int
    since: Moment


class Stored(NamedTuple):
    """A clock with who had it and its pauses, in order of time."""

    clock: Clock
    segments: Sequence[Segment] = ()
    pauses: Pauses = ()


class Found(NamedTuple):
    """What a clock is to be stored as.

    ``flag`` asks to flag a breach, loudly or quietly, of the owner ``flag_owner``;
    ``segments`` are to be added to those stored.
    """

    clock: Clock
    flag: int = 0
    flag_owner: int | None = None
    segments: Sequence[Segment] = ()


class _Frame(NamedTuple):
    """What a clock is counted by."""

    clause: ClauseTerms
    holdings: list[Holding]
    pauses: Pauses
    times: Times


def work_out(
    passage: Passage, kind: str, stored: Stored | None, terms: Terms, now: Moment
) -> Found | None:
    """Return what the clock of one kind is to be stored as.

    None where there is no such promise, or nothing changed. A clock that runs goes
    over to the lead's owner, if that is somebody else by now, and counts in the new
    owner's hours from now on. Clause and hours of a clock stay as they were when it
    began, whatever was agreed since.
    """
    mql = passage.mql
    if mql is None:
        return None if stored is None else _changed(stored, _voided(stored.clock, now))
    frame = _frame(passage.lead, mql, kind, stored, terms)
    if frame is None:
        return None if stored is None else _changed(stored, _voided(stored.clock, now))
    case = _case(passage, mql, kind, stored, frame, now)
    verdict = judging.judge(case, now)
    handed = _handed_over(passage.lead, stored, frame, verdict, terms, now)
    if handed:
        frame = frame._replace(
            holdings=[*frame.holdings, handed],
            times=timing.schedule(
                [*frame.holdings, handed], frame.clause, frame.pauses
            ),
        )
    clock = _clock(passage, mql, stored, frame, case, verdict)
    return _found(stored, clock, frame, handed, quiet=judging.is_quiet(case, now))


def _frame(
    lead: Change, mql: Change, kind: str, stored: Stored | None, terms: Terms
) -> _Frame | None:
    if stored is not None and _began_so(stored.clock, mql):
        clause: ClauseTerms | None = terms.clauses[stored.clock.clause]
    else:
        clause = terms.clause(
            kind,
            mql.at,
            source=mql.source,
            segment=mql.segment,
            priority=lead.priority,
        )
    if clause is None:
        return None
    holdings = _holdings(mql, stored, terms)
    pauses = () if stored is None else stored.pauses
    return _Frame(clause, holdings, pauses, timing.schedule(holdings, clause, pauses))


def _holdings(mql: Change, stored: Stored | None, terms: Terms) -> list[Holding]:
    if stored is not None and stored.segments:
        had = [
            Holding(owner, terms.calendars[calendar], since)
            for owner, calendar, since in stored.segments
        ]
        begun = sum(holding.since <= mql.at for holding in had) or 1
        return [had[begun - 1]._replace(since=mql.at), *had[begun:]]
    if stored is not None and _began_so(stored.clock, mql):
        calendar = terms.calendars[stored.clock.calendar]
        return [Holding(stored.clock.owner, calendar, mql.at)]
    calendar = terms.calendar(mql.team, mql.at, person=mql.owner)
    return [Holding(mql.owner, calendar, mql.at)]


def _began_so(clock: Clock, mql: Change) -> bool:
    """Tell whether a clock began with this passage, so that its terms are pinned.

    One that a correction took back began never, be it told again for the same moment.
    """
    return clock.started_at == mql.at and clock.cancelled_reason != "corrected"


def _case(
    passage: Passage,
    mql: Change,
    kind: str,
    stored: Stored | None,
    frame: _Frame,
    now: Moment,
) -> Case:
    clock = None if stored is None else stored.clock
    struck = passage.lead.exclusion
    return Case(
        frame.times.breach,
        passages.deeds(passage, kind),
        _stop(passage, kind, mql),
        struck,
        (_ended_for(clock, struck) or now) if struck else now,
        mql.history,
        flagged=_is_flagged(clock, mql, frame.times),
        reopened=clock is None or clock.state not in _RUNS,
        late_agreed=clock is not None and clock.late_agreed,
        resumes_at=frame.pauses[-1][1] if frame.pauses else None,
    )


def _stop(passage: Passage, kind: str, mql: Change) -> Stop | None:
    stop, barred_at = passages.stop(passage, kind), passage.lead.barred_at
    if barred_at is None:
        return stop
    at = max(barred_at, mql.at)
    return min(filter(None, (stop, Stop(at, at, "do_not_contact"))))


def _ended_for(clock: Clock | None, reason: str) -> Moment | None:
    """Return when a clock was cancelled for a reason, if it was for this one."""
    if clock is None or clock.cancelled_reason != reason:
        return None
    return clock.ended_at


def _is_flagged(clock: Clock | None, mql: Change, times: Times) -> bool:
    """Tell whether this very breach was flagged: same start, same time, no history."""
    return (
        clock is not None
        and clock.state == "breached"
        and not clock.history
        and (clock.started_at, clock.breach_at) == (mql.at, times.breach)
    )


def _handed_over(
    lead: Change,
    stored: Stored | None,
    frame: _Frame,
    verdict: Verdict,
    terms: Terms,
    now: Moment,
) -> Holding | None:
    """Return the lead's new owner as holder of a clock that runs, if there is one."""
    if stored is None or stored.clock.history:
        return None
    runs = verdict.state in _RUNS and now <= frame.times.breach
    if not runs or lead.lead_owner == frame.holdings[-1].owner:
        return None
    calendar = terms.calendar(lead.lead_team, now, person=lead.lead_owner)
    return Holding(lead.lead_owner, calendar, now)


def _clock(
    passage: Passage,
    mql: Change,
    stored: Stored | None,
    frame: _Frame,
    case: Case,
    verdict: Verdict,
) -> Clock:
    old, lead, deed = (
        None if stored is None else stored.clock,
        passage.lead,
        verdict.deed,
    )
    had = frame.holdings[-1]
    if verdict.ended_at is not None:
        had = timing.holder(frame.holdings, verdict.ended_at)
    elapsed, late = _elapsed(frame, verdict)
    # By position: a hundred thousand of these are made at once.
    return Clock(
        0 if old is None else old.id,
        lead.lead,
        lead.round,
        frame.clause.kind,
        frame.clause.id,
        had.calendar.id,
        had.owner,
        mql.id or 0,
        mql.at,
        frame.times.due,
        frame.times.breach,
        _warn_at(frame, case, old),
        verdict.state,
        verdict.waiting,
        mql.history,
        None if deed is None else deed.at,
        "" if deed is None else deed.by,
        verdict.ended_at,
        elapsed,
        late,
        verdict.reason,
        _marks(passage, frame, case, verdict),
        case.resumes_at if verdict.state == "paused" else None,
        0 if stored is None else len(stored.segments),
        0 if old is None else old.pauses,
        case.late_agreed,
    )


def _warn_at(frame: _Frame, case: Case, old: Clock | None) -> Moment | None:
    """Return when the owner is to be warned; nobody is of history."""
    if case.history:
        return None
    if old is not None and (old.started_at, old.breach_at) == (
        frame.holdings[0].since,
        frame.times.breach,
    ):
        return old.warn_at
    return timing.warning(frame.holdings, frame.clause, frame.pauses)


def _elapsed(frame: _Frame, verdict: Verdict) -> tuple[int | None, int | None]:
    """Return the business seconds until it was done, and those above the target."""
    if verdict.deed is None:
        return None, None
    elapsed = timing.elapsed(frame.holdings, verdict.deed.at, frame.pauses)
    if verdict.state != "breached":
        return elapsed, None
    return elapsed, max(0, elapsed - frame.clause.target)


def _marks(passage: Passage, frame: _Frame, case: Case, verdict: Verdict) -> int:
    deed = verdict.deed
    if deed is None:
        silent = passage.silent and frame.clause.kind == "acceptance"
        return BY_SILENCE if silent and verdict.state != "cancelled" else 0
    return (
        LOGGED_LATE * _is_logged_late(frame, case, deed)
        + SELF_REPORTED * deed.self_reported
        + ALTHOUGH_MET * deed.although_met
    )


def _is_logged_late(frame: _Frame, case: Case, deed: Deed) -> bool:
    """Tell whether a deed was recorded too long after it happened, or too late.

    A touch may wait an hour of business time; any record that would have kept the
    promise is late after the breach.
    """
    if case.history:
        return False
    if deed.recorded_at > case.breach_at >= deed.at:
        return True
    if deed.by not in {"touch", "earlier_touch"}:
        return False
    calendar = timing.holder(frame.holdings, deed.happened_at).calendar
    return timing.between(calendar, deed.happened_at, deed.recorded_at) > HOUR


def _voided(clock: Clock, now: Moment) -> Clock:
    """Return a clock whose lead never really qualified, as a correction says."""
    return clock._replace(
        state="cancelled",
        waiting=False,
        done_at=None,
        done_by="",
        ended_at=_ended_for(clock, "corrected") or now,
        elapsed=None,
        late=None,
        cancelled_reason="corrected",
        marks=0,
        resumes_at=None,
    )


def _changed(stored: Stored, clock: Clock) -> Found | None:
    return None if clock == stored.clock else Found(clock)


def _found(
    stored: Stored | None,
    clock: Clock,
    frame: _Frame,
    handed: Holding | None,
    *,
    quiet: bool,
) -> Found | None:
    segments = _segments(stored, frame, handed)
    if segments:
        clock = clock._replace(segments=clock.segments + len(segments))
    if stored is not None and clock == stored.clock:
        return None
    was = None if stored is None else stored.clock.state
    if clock.state != "breached" or clock.history or was == "breached":
        return Found(clock, segments=segments)
    flag = QUIET if quiet else LOUD
    owner = timing.holder(frame.holdings, clock.breach_at).owner
    return Found(clock, flag, owner, segments)


def _segments(
    stored: Stored | None, frame: _Frame, handed: Holding | None
) -> list[Segment]:
    """Return the rows to add at a hand-over; at the first also who had it before."""
    if handed is None:
        return []
    first = not (stored and stored.segments)
    rows = frame.holdings if first else [handed]
    return [Segment(row.owner, row.calendar.id, row.since) for row in rows]
