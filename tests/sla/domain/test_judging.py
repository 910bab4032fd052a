"""Met and breached exclude each other; nothing recorded later cures a breach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.domain.judging import TOO_LATE_TO_FIRE, Case, Verdict, judge
from sla.domain.passages import Deed, Stop

END = 1_000
moments = st.integers(END - 3, END + 3)


def deed(at, recorded_at=None, by="touch"):
    return Deed(at, at if recorded_at is None else recorded_at, by, at)


@pytest.mark.parametrize(
    ("case", "state", "ended_at", "waiting"),
    [
        (Case(END, [], None), "running", None, True),
        (Case(END, [deed(END)]), "met", END, False),
        (Case(END, [deed(END, END + 1)]), "breached", END, False),
        (Case(END, [deed(END + 1)]), "breached", END, False),
        (Case(END, [deed(END - 2, END + 1), deed(END - 1)]), "met", END - 1, False),
        (Case(END, [], Stop(END, END, "lost")), "cancelled", END, False),
        (Case(END, [], Stop(END, END + 1, "lost")), "running", None, False),
        (Case(END, [], Stop(END + 1, END + 1, "lost")), "running", None, False),
        (Case(END, [], struck="spam", struck_at=7), "cancelled", 7, False),
        (Case(END, [deed(END)], struck="spam", struck_at=7), "cancelled", 7, False),
        # Flagged before: it stands.
        (Case(END, [], flagged=True), "breached", END, True),
        (Case(END, [deed(END)], flagged=True), "breached", END, False),
        (Case(END, [], Stop(END, END, "lost"), flagged=True), "breached", END, False),
        # The other side lets the late record count.
        (Case(END, [deed(END, END + 9)], late_agreed=True), "met", END, False),
        (Case(END, [deed(END + 1)], late_agreed=True), "breached", END, False),
        # History counts when it happened, and waits for nobody.
        (Case(END, [deed(END, END + 99)], history=True), "met", END, False),
        (Case(END, [], history=True), "breached", END, False),
        (
            Case(END, [], Stop(END, END + 9, "lost"), history=True),
            "cancelled",
            END,
            False,
        ),
        # It runs again more than a day after its end.
        (Case(END - TOO_LATE_TO_FIRE, [], reopened=True), "breached", None, True),
        (Case(END - TOO_LATE_TO_FIRE, []), "running", None, True),
        # Paused now; a pause that is over does nothing.
        (Case(END, [], resumes_at=END + 6), "paused", None, True),
        (Case(END, [], resumes_at=END + 5), "running", None, True),
    ],
)
def test_cases(case, state, ended_at, waiting):
    verdict = judge(case, END + 5)

    if ended_at is None and state == "breached":
        ended_at = case.breach_at
    assert (verdict.state, verdict.ended_at, verdict.waiting) == (
        state,
        ended_at,
        waiting,
    )


def test_history_still_in_time_runs_and_is_waited_for_by_nobody():
    assert judge(Case(END, [], history=True), END) == Verdict("running")


def test_what_was_done_late_is_kept():
    late = deed(END + 2)

    assert judge(Case(END, [late, deed(END + 3)]), END + 5).deed == late


@given(
    deeds=st.lists(st.tuples(moments, moments).map(sorted), max_size=3),
    stopped=st.lists(st.tuples(moments, moments).map(sorted), max_size=1),
    now=moments,
)
def test_what_is_known_when_it_ends_decides_for_ever(deeds, stopped, now):
    """Judged at its end or at any time after: the same state, whatever came later."""
    all_deeds = [deed(*pair) for pair in sorted(deeds)]
    stop = next((Stop(at, recorded, "lost") for at, recorded in stopped), None)

    def known(moment):
        return Case(
            END,
            [d for d in all_deeds if d.recorded_at <= moment],
            stop if stop and stop.recorded_at <= moment else None,
        )

    at_its_end, now_judged = judge(known(END), END), judge(known(now), now)
    if now >= END and at_its_end.state != "running":
        assert now_judged.state == at_its_end.state
    if now >= END and at_its_end.state == "running":
        assert now_judged.state in {"running", "breached"}
