"""Random worlds, random files: undone in reverse, everything is as it was before."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.actions import loads, reading, undo
from tests.factories import kpis as histories
from tests.factories.leads import make_lead
from tests.integrations.states import differences, numbers, state, verified

pytestmark = pytest.mark.django_db
AT = histories.NOW + timedelta(days=1)

who = st.integers(0, 6)
moments = st.integers(0, 24 * 60).map(lambda h: histories.BEGIN + timedelta(hours=h))
reached = st.sampled_from(["", *histories.STAGES, "recycled"])
lead_rows = st.tuples(who, st.sampled_from(["", "web", "fair"]), reached, moments)
stage_rows = st.tuples(who, st.sampled_from([*histories.STAGES, "recycled"]), moments)
deal_rows = st.tuples(
    who, st.sampled_from(["open", "won", "lost"]), moments, st.integers(1, 9)
)
files = st.one_of(
    st.tuples(st.just("leads"), st.lists(lead_rows, min_size=1, max_size=8)),
    st.tuples(st.just("stage-changes"), st.lists(stage_rows, min_size=1, max_size=8)),
    st.tuples(st.just("deals"), st.lists(deal_rows, min_size=1, max_size=8)),
)
HEADERS = {
    "leads": "email,source,stage,mql_at",
    "stage-changes": "lead_email,to_stage,occurred_at",
    "deals": "lead_email,outcome,closed_at,amount,external_id,external_system",
}


def lines(kind, rows):
    yield HEADERS[kind]
    for number, *cells in rows:
        email = f"person{number}@gmail.com"
        if kind == "deals":
            cells += [f"D{number}", "crm"]
        yield ",".join([email, *map(str, cells)])


def load(folder, kind, rows):
    path = folder / "file.csv"
    path.write_text("\n".join(lines(kind, rows)))
    wanted = loads.Wanted(kind, "UTC")
    prepared = loads.prepare(path, wanted, by=None, at=AT)
    for _ in loads.run(prepared, now=lambda: AT):
        pass
    return prepared.load


@given(histories.histories, st.lists(files, min_size=1, max_size=3))
@settings(max_examples=3)
def test_what_is_undone_in_reverse_leaves_no_trace(tmp_path_factory, history, told):
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK_ROWS", 3)
        folder = tmp_path_factory.mktemp("files")
        histories.live(history)
        for number in range(3):
            address = f"person{number}@gmail.com"
            make_lead(email=address, created_at=histories.BEGIN, source="web")
        before, counted = state(), numbers(AT)

        done = [load(folder, kind, rows) for kind, rows in told]
        for one in reversed(done):
            foreseen = undo.preview(one)
            for _ in undo.run(one, by=None, now=lambda: AT):
                pass
            one.refresh_from_db()
            assert one.undoing == foreseen.as_json()
            assert one.kept == 0

        assert differences(before, state()) == {}
        assert (numbers(AT), verified()) == (counted, "")
        transaction.set_rollback(True)
