"""Parts of unfinished criteria are added, moved into and out of groups, and removed."""

import pytest

from leads.domain.building import Building, Part


def condition(name):
    return {"field": name}


def building(*nodes):
    return Building.of({"rules": {"all": list(nodes)}})


def shape(part):
    """Names of conditions, groups as lists that begin with their kind."""
    if part.kind == "condition":
        return part.values["field"]
    return [part.kind, *map(shape, part.parts)]


A, B, C = condition("a"), condition("b"), condition("c")
GROUP = {"any": [B, C]}


@pytest.mark.parametrize(
    ("act", "path", "expected", "goes_on"),
    [
        (Building.copy, "rules.0", ["all", "a", "a", ["any", "b", "c"]], "rules.1"),
        (Building.remove, "rules.0", ["all", ["any", "b", "c"]], "rules.0"),
        (Building.remove, "rules.1", ["all", "a"], "rules.0"),
        (Building.into, "rules.0", ["all", ["any", "a", "b", "c"]], "rules.0.0"),
        (Building.into, "rules.1.0", ["all", "a", ["any", ["all", "b"], "c"]], None),
        (Building.out, "rules.1.0", ["all", "a", ["any", "c"], "b"], "rules.2"),
        (Building.out, "rules.0", ["all", "a", ["any", "b", "c"]], "rules.0"),
        (Building.remove, "rules.9", ["all", "a", ["any", "b", "c"]], "rules.9"),
        (Building.into, "nowhere.0", ["all", "a", ["any", "b", "c"]], "nowhere.0"),
    ],
)
def test_each_act(act, path, expected, goes_on):
    built = building(A, GROUP)

    found = act(built, path)

    assert shape(built.rules) == expected
    assert found == (goes_on or f"{path}.0")


def test_up_and_down_stop_at_the_ends():
    built = building(A, B)

    assert built.move("rules.0", -1) == "rules.0"
    assert built.move("rules.0", 1) == "rules.1"
    assert built.move("rules.1", 1) == "rules.1"
    assert shape(built.rules) == ["all", "b", "a"]


def test_a_group_with_nothing_left_goes_away():
    built = building(A, {"any": [B]})

    assert built.out("rules.1.0") == "rules.1"
    assert shape(built.rules) == ["all", "a", "b"]


def test_a_part_is_dragged_anywhere_but_into_itself():
    built = building(A, GROUP)

    assert built.put("rules.0", "rules.1.1", 0) == "rules.0.1"
    assert shape(built.rules) == ["all", ["any", "b", "a", "c"]]
    assert built.put("rules.0", "rules.0.1", 1) == "rules.0"
    assert built.put("rules.0.2", "rules.0", 1) == "rules.1"
    assert shape(built.rules) == ["all", ["any", "b", "a"], "c"]


def test_points_stay_with_points():
    built = building(A)
    built.fit = Part("fit", {"threshold": 1}, [Part("points", {}, [Part("line")])])

    assert built.put("fit.0.0", "rules.0", 0) == "fit.0.0"
    assert built.into("fit.0.0") == "fit.0.0"
    assert built.remove("fit") == "rules"
    assert built.fit is None


@pytest.mark.parametrize(
    "rules",
    [
        {"all": [A, GROUP]},
        {"any": [{"all": [A, B]}, {"not": A}]},
        {"not": {"any": [A, B]}},
        {"not": {"all": [A, {"not": {"not": B}}]}},
    ],
)
def test_json_comes_back_as_it_was(rules):
    source, places = Building.of({"rules": rules}).source()

    assert source == {"rules": rules}
    assert places["/rules"] == "rules"


def test_places_name_the_part_at_each_pointer():
    built = building(A, {"not": {"any": [B, C]}}, {"not": C})

    _source, places = built.source()

    assert places == {
        "/rules": "rules",
        "/rules/all/0": "rules.0",
        "/rules/all/1": "rules.1",
        "/rules/all/1/not/any/0": "rules.1.0",
        "/rules/all/1/not/any/1": "rules.1.1",
        "/rules/all/2": "rules.2",
        "/rules/all/2/not": "rules.2.0",
    }


def test_without_conditions_there_are_no_rules():
    assert Building().source() == ({}, {})
