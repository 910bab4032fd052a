"""What sales did about a lead in one round, read from its stage changes and touches."""

from itertools import count

import pytest

from sla.domain.passages import Change, Deed, Passage, Stop, Touch, deeds, read, stop

_ids = count(1)
BARE = Change(
    lead=1,
    round=1,
    has_clock=True,
    has_touch=False,
    priority=0,
    barred_at=None,
    exclusion="",
    lead_owner=None,
    lead_team=None,
)


def change(to, at, *, round_=1, lead=1, **values):
    bare = BARE._replace(lead=lead, round=round_, id=next(_ids))
    return bare._replace(to=to, at=at, recorded_at=at, **values)


def passage(*changes):
    (found,) = read(changes)
    return found


MQL = change("mql", 10)


def test_changes_are_grouped_by_lead_and_round():
    rows = [MQL, change("mql", 9, lead=2), change("mql", 30, lead=2, round_=2)]

    assert [(p.lead.lead, p.lead.round, p.mql) for p in read(rows)] == [
        (1, 1, rows[0]),
        (2, 1, rows[1]),
        (2, 2, rows[2]),
    ]


def test_a_round_without_changes_in_force_has_no_mql():
    assert passage(BARE) == Passage(BARE)


def test_an_implied_mql_is_none():
    assert passage(change("mql", 10, implied=True)).mql is None


@pytest.mark.parametrize(
    ("changes", "decision", "undecided", "over", "silent"),
    [
        ([], None, None, None, False),
        ([change("sal", 12)], ("accepted", 12), None, None, False),
        ([change("sal", 12, cause="silence")], None, None, None, True),
        ([change("recycled", 12)], ("recycled", 12), None, ("recycled", 12), False),
        (
            [change("disqualified", 12)],
            ("disqualified", 12),
            None,
            ("disqualified", 12),
            False,
        ),
        # Silence, then a refusal: explicit, late.
        (
            [change("sal", 12, cause="silence"), change("recycled", 15)],
            ("recycled", 15),
            None,
            ("recycled", 15),
            True,
        ),
        # Silence, then work: never decided.
        (
            [change("sal", 12, cause="silence"), change("sql", 15)],
            None,
            ("implied", 15),
            None,
            True,
        ),
        (
            [change("sal", 12, cause="silence"), change("lost", 15)],
            None,
            ("lost", 15),
            ("lost", 15),
            True,
        ),
        # Accepted, then sent back: the acceptance counts.
        (
            [change("sal", 12), change("recycled", 15)],
            ("accepted", 12),
            None,
            ("recycled", 15),
            False,
        ),
        # Skipped: no decision, and a later exit is no refusal.
        (
            [change("sal", 12, implied=True), change("sql", 12), change("lost", 20)],
            None,
            ("implied", 12),
            ("lost", 20),
            False,
        ),
        (
            [change("sal", 12, implied=True), change("sql", 12), change("recycled", 9)],
            None,
            ("implied", 12),
            ("recycled", 9),
            False,
        ),
        (
            [change("sal", 12), change("customer", 20)],
            ("accepted", 12),
            None,
            ("customer", 20),
            False,
        ),
    ],
)
def test_decisions_and_ends(changes, decision, undecided, over, silent):
    found = passage(MQL, *changes)

    assert found.decision == (
        decision and Deed(decision[1], decision[1], decision[0], decision[1])
    )
    assert found.undecided == (
        undecided and Stop(undecided[1], undecided[1], undecided[0])
    )
    assert found.over == (over and Stop(over[1], over[1], over[0]))
    assert found.silent is silent
    assert stop(found, "acceptance") == found.undecided
    assert stop(found, "first_response") == found.over
    assert deeds(found, "acceptance") == ([found.decision] if found.decision else [])


def test_a_refusal_although_all_criteria_were_met_is_marked():
    found = passage(MQL, change("recycled", 12, although_met=True))

    assert found.decision is not None
    assert found.decision.although_met


def test_touches_count_from_the_last_exit_to_the_end_of_the_round():
    found = passage(change("recycled", 5, is_before=True), MQL, change("recycled", 20))
    moments = [3, 5, 6, 10, 12, 20, 21]
    found.touches = [Touch(at, at + 1, at == 12) for at in reversed(moments)]

    assert deeds(found, "first_response") == [
        Deed(10, 7, "earlier_touch", 6),
        Deed(10, 11, "touch", 10),
        Deed(12, 13, "touch", 12, self_reported=True),
        Deed(20, 21, "touch", 20),
    ]
