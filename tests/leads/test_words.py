"""Criteria in words: in three languages, with plurals, without markup slipping in."""

import pytest
from django.utils.translation import override

from leads.domain.criteria.fields import FIELDS, OPERATORS, Takes
from leads.domain.criteria.reading import TOUCH_OPERATORS, parse
from leads.domain.criteria.words import TYPES
from leads.queries.words import labels
from leads.queries.words.conditions import Names
from leads.queries.words.reading import Words, names_of, reading
from tests.factories.accounts import make_user
from tests.factories.definitions import CRITERIA

NAMES = Names({7: "Spring 2026"}, {3: "Ana Pop"})


def said(condition, names=NAMES):
    criteria = parse({"rules": condition})
    [only] = criteria.conditions()
    return str(Words(criteria, names).condition(only))


def field(name, op, value=None):
    return {"field": name, "op": op, **({} if value is None else {"value": value})}


def touches(op, value, within=None, **which):
    window = {} if within is None else {"within_days": within}
    return {"touches": which, "op": op, "value": value, **window}


def employees(n):
    return field("company.employees", "at_least", n)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "company has at least 1 employee",
                "company has at least 2 employees",
                "company has at least 50 employees",
                "company has at least 1 000 employees",
            ],
        ),
        (
            "ro",
            [
                "firma are cel puțin 1 angajat",
                "firma are cel puțin 2 angajați",
                "firma are cel puțin 50 de angajați",
                "firma are cel puțin 1 000 de angajați",
            ],
        ),
        (
            "pl",
            [
                "firma ma co najmniej 1 pracownika",
                "firma ma co najmniej 2 pracowników",
                "firma ma co najmniej 50 pracowników",
                "firma ma co najmniej 1 000 pracowników",
            ],
        ),
    ],
)
def test_numbers_have_their_plurals(language, told):
    with override(language):
        found = [said(employees(n)).replace("\xa0", " ") for n in (1, 2, 50, 1000)]
    plain = [each.replace(".", " ").replace(",", " ") for each in found]
    assert plain == told


SENTENCES = {
    "en": (
        "Company has at least 50 employees and either asked for a demo in the last 30"
        " days or came to a webinar at least 2 times in the last 60 days."
    ),
    "ro": (
        "Firma are cel puțin 50 de angajați și fie a cerut un demo în ultimele 30 de"
        " zile sau a venit la un webinar de cel puțin 2 ori în ultimele 60 de zile."
    ),
    "pl": (
        "Firma ma co najmniej 50 pracowników i przynajmniej jedno: prośba o demo w"
        " ciągu ostatnich 30 dni lub udział w webinarze co najmniej 2 razy w ciągu"
        " ostatnich 60 dni."
    ),
}


@pytest.mark.parametrize(("language", "told"), SENTENCES.items())
def test_a_whole_definition_is_one_sentence(language, told):
    with override(language):
        assert str(reading(parse(CRITERIA), NAMES).sentence) == told


CONDITIONS = [
    (field("lead.phone", "present"), "phone number is known"),
    (field("lead.phone", "missing"), "phone number is not known"),
    (field("lead.source", "is", "Paid_Search"), "source is Paid_Search"),
    (
        field("lead.source", "not_in", ["fair", "social"]),
        "source is known and not fair or social",
    ),
    (
        field("lead.job_title", "contains", ["Head", "director"]),
        "job title contains “Head” or “director”",
    ),
    (field("lead.country", "in", ["ro", "PL"]), "country is RO or PL"),
    (field("lead.stage", "not_in", ["customer"]), "stage is not Customer"),
    (field("lead.owner", "in", [3, 4]), "owner is Ana Pop or #4"),
    (field("lead.campaign", "in", [7]), "campaign is Spring 2026"),
    (field("lead.do_not_contact", "is", value=False), "may be contacted"),
    (
        field("lead.email_domain", "is_free_mail", value=False),
        "domain of the e-mail address is not at a free-mail provider",
    ),
    (field("lead.priority", "between", [1, 3]), "priority is between 1 and 3"),
    (
        field("lead.created_at", "within_days", 1),
        "creation of the lead lies in the last 1 day",
    ),
    (field("lead.created_at", "within_days", 0), "creation of the lead lies today"),
    (
        field("lead.created_at", "before", "2026-03-01"),
        "creation of the lead lies before 1 Mar 2026",
    ),
    (
        touches("at_most", 0, 30, type=["demo_request"]),
        "asked for no demo in the last 30 days",
    ),
    (touches("at_least", 3), "had a touch of any kind at least 3 times"),
    (
        touches("last_within_days", 7, type=["visit"]),
        "visited the website in the last 7 days",
    ),
    (
        touches("last_before_days", 90, type=["call"]),
        "had a call, the last time more than 90 days ago",
    ),
    (
        touches("at_least", 1, type=["webinar", "event"], campaign=[7], team="sales"),
        (
            "had a touch (webinar or trade fair or event)"
            " (campaign: Spring 2026; team: Sales)"
        ),
    ),
]


@pytest.mark.parametrize(("condition", "told"), CONDITIONS)
def test_conditions_are_said(condition, told):
    assert said(condition) == told


def test_what_decides_nothing_is_said_apart():
    known = {**field("lead.phone", "present"), "optional": True}
    found = reading(parse({"rules": {"all": [employees(50), known]}}), NAMES)

    assert str(found.sentence) == "Company has at least 50 employees."
    assert str(found.shown) == "Phone number is known."
    assert [str(line) for line in found.lines] == [
        "All of these:",
        "    Company has at least 50 employees",
        "    Phone number is known (optional)",
    ]


def test_groups_in_groups_leave_no_doubt():
    inner = {"all": [employees(50), field("lead.phone", "present")]}
    rules = {"any": [inner, {"not": {"any": [employees(9), employees(8)]}}]}

    assert str(reading(parse({"rules": rules}), NAMES).sentence) == (
        "(company has at least 50 employees and phone number is known) or not so:"
        " (company has at least 9 employees or company has at least 8 employees)."
    )


def test_points_are_said_line_by_line():
    scoring = {
        "fit": {
            "threshold": 40,
            "groups": [
                {
                    "name": "Firm <b>",
                    "cap": 1,
                    "points": [{"when": employees(200), "points": -20}],
                }
            ],
        },
        "engagement": {
            "threshold": 1,
            "half_life_days": 14,
            "groups": [
                {
                    "name": "Web",
                    "cap": 30,
                    "points": [{"touches": {"type": ["visit"]}, "points": 1}],
                }
            ],
        },
    }
    found = reading(parse({"scoring": scoring}), NAMES)

    assert (
        str(found.sentence) == "Fit reaches 40 points and engagement reaches 1 point."
    )
    assert [str(line) for line in found.lines] == [
        "Fit reaches 40 points",
        "    Firm <b>, at most 1 point:",
        "        Company has at least 200 employees: \N{MINUS SIGN}20 points",
        "Engagement reaches 1 point",
        "    Points halve every 14 days",
        "    Web, at most 30 points:",
        "        Visited the website, each time: 1 point",
    ]
    assert "Firm &lt;b&gt;, at most <b>1 point</b>:" in found.lines[1].phrase.html


def test_html_is_safe_and_stars_in_values_mean_nothing():
    rules = field("lead.source", "is", "*<script>~")
    found = reading(parse({"rules": rules}), NAMES)

    assert found.sentence.html == "Source is <b>*&lt;script&gt;~</b>."


@pytest.mark.django_db
def test_names_are_looked_up_in_two_statements(count_queries):
    person = make_user(name="Ana Pop")
    rules = {"all": [field("lead.owner", "in", [person.pk])] * 3}
    criteria = parse({"rules": rules})

    assert count_queries(names_of, criteria) == 1
    words = {str(Words(criteria).node(each)) for each in criteria.conditions()}
    assert words == {"owner is Ana Pop"}


@pytest.mark.parametrize("language", ["en", "ro", "pl"])
def test_everything_that_can_be_written_can_be_said(language):
    """Every field with every operator, every touch with every way to count."""
    values = {
        Takes.TEXT: "a",
        Takes.TEXTS: ["a", "b"],
        Takes.NUMBER: 2,
        Takes.PAIR: [1, 5],
        Takes.DAY: "2026-03-01",
        Takes.DAYS: 5,
        Takes.FLAG: True,
        Takes.COUNTRY: "RO",
        Takes.COUNTRIES: ["RO"],
        Takes.CHOICE: "mql",
        Takes.CHOICES: ["mql", "sql"],
        Takes.REFERENCES: [7],
    }
    with override(language):
        for each in FIELDS.values():
            assert each.name in labels.FIELDS
            for op, takes in OPERATORS[each.type].items():
                assert op in labels.OPERATORS[each.type]
                told = said(field(each.name, op, values.get(takes)))
                assert told, (each.name, op)
                assert "%(" not in told
                assert "*" not in told
        for kind in TYPES:
            for op in TOUCH_OPERATORS:
                for n in (0, 1, 2, 5, 22):
                    if (op, n) != ("at_least", 0):
                        assert said(touches(op, n, type=[kind]))
