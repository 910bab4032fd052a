"""What a clock would be under another clause than the one it began with."""

from collections.abc import Sequence

from sla.domain.clocks import Found, Stored, work_out
from sla.domain.passages import Passage
from sla.domain.terms import ClauseTerms, Moment, Terms


def clause_for(
    passage: Passage, kind: str, terms: Terms, at: Moment
) -> ClauseTerms | None:
    """Return the clause that the agreement in force at a moment has for a passage."""
    if passage.mql is None:
        return None
    return terms.clause(
        kind,
        at,
        source=passage.mql.source,
        segment=passage.mql.segment,
        priority=passage.lead.priority,
    )


def under(
    passage: Passage, stored: Stored, clause: ClauseTerms, terms: Terms, now: Moment
) -> Found:
    """Return what a clock is to be stored as, counted by another clause of ``terms``.

    Its start, hours, hand-overs and pauses are what they were.
    """
    clock = stored.clock._replace(clause=clause.id)
    found = work_out(passage, clock.kind, stored._replace(clock=clock), terms, now)
    return found or Found(clock)


def replayed(
    passage: Passage, stored: Stored, clause: ClauseTerms, terms: Terms, now: Moment
) -> tuple[str, Moment | None]:
    """Return how a clock would have ended under another clause, and when.

    It is judged by the facts as if it had run under that clause from its start: what
    was flagged, and what silence did, follows anew. A clock whose time is past, and of
    which nothing was done, is breached then, as the sweep would have found.
    """
    begun = stored.clock._replace(
        state="running", done_at=None, done_by="", ended_at=None, elapsed=None
    )
    found = under(passage, stored._replace(clock=begun), clause, terms, now)
    state, ended_at = found.clock.state, found.clock.ended_at
    if state == "running" and found.clock.breach_at < now:
        return "breached", found.clock.breach_at
    return state, ended_at


def fitting(
    passage: Passage, kind: str, clauses: Sequence[ClauseTerms]
) -> ClauseTerms | None:
    """Return the first of some clauses, in their order, that binds a passage."""
    mql = passage.mql
    if mql is None:
        return None
    values = (mql.source, mql.segment, passage.lead.priority)
    return next((c for c in clauses if c.kind == kind and c.fits(*values)), None)
