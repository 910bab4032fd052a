from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.domain.duplicates import identities_of, keys_of, waves
from integrations.domain.kinds import Identity
from integrations.domain.mapping import Mapping

LEADS = Mapping.resolve(
    "leads", ["external_id", "email", "source"], defaults=["external_system=crm"]
)
DEALS = Mapping.resolve(
    "deals",
    ["external_id", "lead_email", "won_at", "amount"],
    defaults=["external_system=crm"],
)


def leads(*rows):
    return [(number, "crm", *row) for number, row in enumerate(rows, 2)]


def numbers(dealt):
    return [[row[0] for row in wave] for wave in dealt]


def test_a_file_that_names_nobody_twice_is_one_wave():
    rows = leads(("1", "a", None), ("2", None, None), ("3", None, None))

    assert waves(LEADS, rows) == [rows]
    assert waves(LEADS, []) == [[]]


def test_later_rows_of_a_record_come_in_later_waves():
    rows = leads(("1", "a", "x"), ("2", "b", "x"), ("1", "a", "y"), ("1", "a", "z"))

    assert numbers(waves(LEADS, rows)) == [[2, 3], [4], [5]]


def test_rows_are_the_same_record_by_any_identity():
    rows = leads(
        ("1", "a", None), (None, "a", None), (None, "b", None), ("1", "b", None)
    )

    assert numbers(waves(LEADS, rows)) == [[2, 4], [3, 5]]


def test_the_weaker_identity_does_not_count_beside_the_stronger():
    """Two deals of one lead with ids of their own are two, without ids they are one."""
    own = [(2, "crm", "d1", "a", None, 5), (3, "crm", "d2", "a", None, 5)]
    none = [(2, "crm", None, "a", None, 5), (3, "crm", None, "a", None, 5)]
    other = [(2, "crm", None, "a", None, 5), (3, "crm", None, "a", None, 6)]

    assert numbers(waves(DEALS, own)) == [[2, 3]]
    assert numbers(waves(DEALS, none)) == [[2], [3]]
    assert numbers(waves(DEALS, other)) == [[2, 3]]


def test_identities_are_those_the_mapping_can_tell():
    assert identities_of(LEADS) == (
        Identity(("external_system", "external_id")),
        Identity(("email",)),
    )
    assert identities_of(DEALS) == (
        Identity(("external_system", "external_id")),
        Identity(
            ("lead_email",), ("external_system", "won_at", "amount"), ("external_id",)
        ),
    )


def test_keys_of_rows():
    by_id, by_mail = identities_of(LEADS)
    rows = leads(("1", "a", None), (None, "b", None))

    assert keys_of(LEADS, by_id, rows) == [("crm", "1"), None]
    assert keys_of(LEADS, by_mail, rows) == [("a",), ("b",)]


word = st.none() | st.sampled_from("abc")


@settings(max_examples=100, deadline=None)
@given(found=st.lists(st.tuples(word, word, word), max_size=12))
def test_waves_hold_every_row_once_in_order_and_no_record_twice(found):
    rows = leads(*found)
    dealt = waves(LEADS, rows)
    place = {row[0]: number for number, wave in enumerate(dealt) for row in wave}

    assert sorted(row for wave in dealt for row in wave) == sorted(rows)
    for identity in identities_of(LEADS):
        seen: dict[object, int] = {}
        for row, key in zip(rows, keys_of(LEADS, identity, rows), strict=True):
            if key is not None:
                assert seen.get(key, -1) < place[row[0]]
                seen[key] = place[row[0]]
