"""Whatever is clicked, what is kept of it comes back, and what is finished is read."""

import json

from hypothesis import given
from hypothesis import strategies as st

from leads.domain.building import Building, Part
from leads.domain.criteria.faults import WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.unfinished import finished_part
from leads.views.building import _ACTS

PATHS = ["rules", "fit", "engagement"]
PATHS += [f"{root}.{n}" for root in PATHS for n in range(3)]
PATHS += [f"{path}.{n}" for path in PATHS[3:] for n in range(2)]
CLICKS = st.lists(
    st.tuples(st.sampled_from(sorted(_ACTS)), st.sampled_from(PATHS)), max_size=25
)
FINISHED = {"field": "lead.email", "op": "present"}


def clicked(clicks):
    building = Building(Part("all", {}, [Part("condition", dict(FINISHED))]))
    for act, path in clicks:
        _ACTS[act](building, path)
    return building


@given(CLICKS)
def test_what_is_kept_is_what_was_built(clicks):
    kept = json.loads(json.dumps(clicked(clicks).source()[0]))

    again = Building.of(kept)

    assert again.source()[0] == kept


@given(CLICKS)
def test_what_is_finished_can_be_read_and_the_rest_is_named(clicks):
    source, _places = clicked(clicks).source()

    criteria, faults = finished_part(source)

    try:
        expected, amiss = parse(source), []
    except WrongCriteria as wrong:
        expected, amiss = criteria, list(wrong.faults)
    assert (criteria, faults) == (expected, amiss)
    if criteria.source:
        assert parse(criteria.source) == criteria
