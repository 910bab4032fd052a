from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.domain.mapping import Mapping
from integrations.domain.problems import Problem
from integrations.domain.rows import convert
from integrations.domain.values import Reading
from tests.integrations.domain.files import csv_bytes, table, told

SYSTEM = "external_system=crm"


def batch(kind, header, rows, maps=(), defaults=(SYSTEM,), **reading):
    """Read the rows as one batch; the first has number 2."""
    mapping = Mapping.resolve(kind, header, maps, defaults, reading=Reading(**reading))
    numbered = [(number, list(cells), None) for number, cells in enumerate(rows, 2)]
    (only,) = convert(mapping, numbered)
    return only


def faults(found):
    return [(one.row, one.column, told(one)) for one in found.rejected]


def test_accepted_rows_come_with_their_number_in_the_order_of_targets():
    found = batch(
        "leads",
        ["Mail", "Since", "Tel", "origin"],
        [
            ["Ana@X.ro ", "2024-03-05", "0722 123 456", ""],
            ["", "", "+48601123456", "x"],
        ],
        ["email=Mail", "created_at=Since", "phone=Tel", "source=origin"],
        ["stage=mql", "source=web"],
        zone=ZoneInfo("Europe/Bucharest"),
        country="RO",
    )

    assert found.targets == ("email", "phone", "source", "stage", "created_at")
    assert found.accepted == [
        (
            *(2, "ana@x.ro", "+40722123456", "web", "mql"),
            datetime(2024, 3, 4, 22, tzinfo=UTC),
        ),
        (3, None, "+48601123456", "x", "mql", None),
    ]
    assert found.rejected == []


def test_everything_that_is_wrong_with_a_row_is_told():
    found = batch(
        "leads",
        ["Mail", "Since", "Tel", "country"],
        [
            ["ana@x.ro", "2024-03-05", "+40722123456", "RO"],
            ["ana", "5/3/2024", "12", "Atlantis"],
            ["ion@x.ro", "", "", "Polska"],
        ],
        ["email=Mail", "created_at=Since", "phone=Tel"],
    )

    assert [row[0] for row in found.accepted] == [2, 4]
    assert faults(found) == [
        (3, "Mail", "not_an_email"),
        (3, "Tel", "phone_without_country"),
        (3, "country", "unknown_country"),
        (3, "Since", "ambiguous_date"),
    ]
    assert found.rejected[2].message == (
        "“Atlantis” is no country known here. Write its two-letter code, like RO."
    )
    assert found.cells[3] == ["ana", "5/3/2024", "12", "Atlantis"]


def test_what_must_be_filled():
    found = batch(
        "stage-changes",
        ["lead_external_id", "lead_email", "stage", "when"],
        [
            ["1", "", "mql", "2024-03-05"],
            ["", "", "mql", "2024-03-05"],
            ["", "a@x.ro", "", ""],
            ["", "not one", "sql", "2024-03-05"],
        ],
        ["to_stage=stage", "occurred_at=when"],
    )

    assert [row[0] for row in found.accepted] == [2]
    assert faults(found) == [
        (3, "lead_external_id", "missing_one_of"),
        (4, "stage", "missing"),
        (4, "when", "missing"),
        (5, "lead_email", "not_an_email"),
    ]
    assert found.rejected[0].problem.params == {
        "columns": "lead_external_id, lead_email"
    }


def test_an_identifier_needs_its_system():
    found = batch(
        "leads",
        ["external_system", "external_id", "email"],
        [["crm", "1", ""], ["", "2", "a@x.ro"], ["", "", "b@x.ro"]],
        defaults=(),
    )

    assert [row[0] for row in found.accepted] == [2, 4]
    assert faults(found) == [(3, "external_id", "missing_system")]


def test_a_default_fills_blank_cells_only():
    found = batch(
        "leads",
        ["email", "source", "created_at"],
        [["a@x.ro", " ", ""], ["b@x.ro", "fair", "2024-03-05"]],
        defaults=["source=web", "created_at=2020-01-01"],
        zone=ZoneInfo("Europe/Warsaw"),
    )

    assert [row[2:] for row in found.accepted] == [
        ("web", datetime(2019, 12, 31, 23, tzinfo=UTC)),
        ("fair", datetime(2024, 3, 4, 23, tzinfo=UTC)),
    ]


def test_deals_close_when_they_are_decided():
    found = batch(
        "deals",
        ["lead_email", "outcome", "opened_at", "won_at", "closed_at"],
        [
            ["a@x.ro", "won", "2024-01-01", "2024-02-01", ""],
            ["a@x.ro", "won", "", "", "2024-02-01"],
            ["a@x.ro", "won", "", "", ""],
            ["a@x.ro", "lost", "", "2024-02-01", ""],
            ["a@x.ro", "open", "", "", ""],
            ["a@x.ro", "", "2024-01-01", "2023-02-01", ""],
            ["a@x.ro", "won", "", "soon", ""],
        ],
    )

    assert [row[0] for row in found.accepted] == [2, 3, 6]
    assert faults(found) == [
        (4, "outcome", "closed_at_missing"),
        (5, "outcome", "closed_at_missing"),
        (7, "won_at", "closed_before_opened"),
        (8, "won_at", "not_a_moment"),
    ]


def test_a_won_deal_without_any_column_for_its_time():
    found = batch("deals", ["lead_email"], [["a@x.ro"]], defaults=["outcome=won"])

    assert faults(found) == [(2, "outcome", "closed_at_missing")]


def test_campaigns_end_after_they_start():
    found = batch(
        "campaigns",
        ["name", "starts_on", "ends_on", "budget"],
        [
            ["a", "2024-03-05", "2024-03-05", "1 000,50"],
            ["b", "2024-03-05", "2024-03-04", "-1"],
        ],
    )

    assert found.accepted == [
        (2, "crm", "a", date(2024, 3, 5), date(2024, 3, 5), Decimal("1000.50"))
    ]
    assert faults(found) == [
        (3, "budget", "negative_number"),
        (3, "ends_on", "ends_before_start"),
    ]


def test_revenue_has_an_amount_unless_everything_ends():
    header = ["company_external_id", "kind", "starts_on", "amount"]
    found = batch(
        "revenue",
        header,
        [
            ["c1", "New business", "2024-03-01", "100"],
            ["c1", "churn", "2024-04-01", ""],
            ["c1", "expansion", "2024-04-01", ""],
            ["c1", "churn", "2024-04-01", "0"],
            ["c1", "gift", "2024-04-01", ""],
        ],
    )

    assert [row[0] for row in found.accepted] == [2, 3]
    assert faults(found) == [
        (4, "amount", "amount_missing"),
        (5, "amount", "not_positive"),
        (6, "kind", "unknown_choice"),
    ]


def test_rows_that_cannot_be_read_are_rejected_in_their_place(tmp_path):
    content = 'email,source\na@x.ro,web\nb,"x"y\nno,web\nc@x.ro,a,b\nd@x.ro,\n'
    opened = table(tmp_path, content)
    mapping = Mapping.resolve("leads", opened.header)

    (found,) = convert(mapping, opened.rows())

    assert found.accepted == [(2, "a@x.ro", "web"), (6, "d@x.ro", None)]
    assert faults(found) == [
        (3, "", "bad_quotes"),
        (4, "email", "not_an_email"),
        (5, "", "too_many_cells"),
    ]


def test_batches_follow_each_other(tmp_path):
    rows = [[f"p{number}@x.ro"] for number in range(25)]
    opened = table(tmp_path, csv_bytes([["email"], *rows]))
    mapping = Mapping.resolve("leads", opened.header)

    batches = list(convert(mapping, opened.rows(), size=10))

    assert [len(found.accepted) for found in batches] == [10, 10, 5]
    assert [row for found in batches for row in found.accepted] == [
        (number + 2, f"p{number}@x.ro") for number in range(25)
    ]
    assert list(convert(mapping, [])) == []


def test_a_batch_of_nothing_but_broken_rows(tmp_path):
    opened = table(tmp_path, 'email,source\n"x"y,a\n')

    (found,) = convert(Mapping.resolve("leads", opened.header), opened.rows())

    assert (found.accepted, faults(found)) == ([], [(2, "", "bad_quotes")])


def test_problems_of_other_modules_have_their_own_sentence():
    problem = Problem("in_future", {"when": "2030"}, "Not before %(when)s.")

    assert (problem.code, problem.message) == ("in_future", "Not before 2030.")


cells = st.sampled_from(
    ["", " ", "a@x.ro", "x", "2024-03-05", "5.3.2024", "1,234", "12.50", "RO", "won"]
)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(*[cells] * 5), max_size=7), size=st.integers(1, 4))
def test_a_row_is_read_alone_like_among_others(rows, size):
    header = ["lead_email", "won_at", "amount", "country", "outcome"]
    mapping = Mapping.resolve("deals", header)
    numbered = [(number, list(row), None) for number, row in enumerate(rows, 2)]

    together = list(convert(mapping, numbered, size=size))
    alone = [found for row in numbered for found in convert(mapping, [row])]

    for name in ("accepted", "rejected"):
        assert [one for found in together for one in getattr(found, name)] == [
            one for found in alone for one in getattr(found, name)
        ]
    told = {one.row for found in alone for one in found.rejected}
    kept = {row[0] for found in alone for row in found.accepted}
    assert told | kept == {number for number, _, _ in numbered}
    assert told & kept == set()


@pytest.mark.parametrize("cell", ["NULL", "n/a", "-"])
def test_words_for_nothing_are_words(cell):
    """Whether a field is really filled is for the agreement to say, not for a load."""
    found = batch("leads", ["email", "source"], [["a@x.ro", cell]])

    assert found.accepted == [(2, "crm", "a@x.ro", cell)]
