import pytest

from sla.domain.calendars import Calendar
from sla.domain.terms import AgreementTerms, CalendarTerms, ClauseTerms, Terms

OFFICE = Calendar.from_dict(
    {"tz": "Europe/Bucharest", "weekly": {"mon": [["09:00", "17:00"]]}}
)
HOUR = 3600
ANY = ClauseTerms(1, "acceptance", 4 * HOUR, 3 * HOUR)
RETAIL = ClauseTerms(2, "acceptance", 2 * HOUR, HOUR, segment="Retail")
DEMO = ClauseTerms(3, "acceptance", HOUR, HOUR, source="demo", priority=1)
CONTACT = ClauseTerms(4, "first_response", HOUR, HOUR)


def calendar(id_, team, since):
    return CalendarTerms.of(id_, team, since, OFFICE)


def clause_of(terms, at=50, kind="acceptance", **values):
    values = {"source": "web", "segment": "", "priority": 0, **values}
    found = terms.clause(kind, at, **values)
    return found and found.id


def test_the_first_clause_in_order_that_fits_binds():
    terms = Terms([AgreementTerms(1, 0, (DEMO, RETAIL, CONTACT, ANY))], [])

    assert clause_of(terms) == ANY.id
    assert clause_of(terms, segment="Retail") == RETAIL.id
    assert clause_of(terms, source="demo", segment="Retail", priority=1) == DEMO.id
    assert clause_of(terms, source="demo", segment="Retail") == RETAIL.id
    assert clause_of(terms, kind="first_response") == CONTACT.id
    assert clause_of(terms, kind="disposition") is None


def test_order_decides_even_against_the_narrower_one():
    terms = Terms([AgreementTerms(1, 0, (ANY, RETAIL))], [])

    assert clause_of(terms, segment="Retail") == ANY.id


@pytest.mark.parametrize(
    ("at", "clause"), [(0, 2), (10, 2), (19, 2), (20, 1), (29, 1), (30, 3), (99, 3)]
)
def test_the_highest_version_in_force_counts_and_the_earliest_before_all(at, clause):
    """The first version is effective at 25, but the second holds from 10 on already."""
    versions = [
        AgreementTerms(1, 25, (ClauseTerms(9, "acceptance", 9, 9),)),
        AgreementTerms(2, 10, (ClauseTerms(2, "acceptance", 9, 9),)),
        AgreementTerms(3, 20, (ClauseTerms(1, "acceptance", 9, 9),)),
        AgreementTerms(4, 30, (ClauseTerms(3, "acceptance", 9, 9),)),
    ]

    assert clause_of(Terms(versions, []), at) == clause


def test_without_an_agreement_nothing_is_promised():
    assert clause_of(Terms([], [])) is None


def test_a_teams_hours_else_everybodys():
    terms = Terms([], [calendar(1, None, 0), calendar(2, 7, 0), calendar(3, 7, 100)])

    assert terms.calendar(7, 99).id == 2
    assert terms.calendar(7, 100).id == 3
    assert terms.calendar(8, 100).id == terms.calendar(None, 100).id == 1
    assert terms.calendars[3].team == 7


def test_without_hours_for_everybody_there_is_an_error():
    with pytest.raises(LookupError):
        Terms([], [calendar(2, 7, 0)]).calendar(8, 0)
