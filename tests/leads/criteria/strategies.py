"""Criteria and leads, drawn so that many conditions are met and many just not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from foundation.kernel.periods import start_of
from leads.domain.criteria.fields import FIELDS, OPERATORS, Takes, Type
from leads.domain.criteria.reading import TOUCH_OPERATORS
from leads.domain.criteria.words import CHANNELS, DIRECTIONS, TEAMS

AT = datetime(2026, 3, 31, 10, 30, tzinfo=UTC)
"""Two days after clocks changed in Europe."""
ZONES = [
    ZoneInfo(name)
    for name in ("UTC", "Europe/Bucharest", "America/Sao_Paulo", "Pacific/Apia")
]
WORDS = ["webinar", "Webinar", "ŞTEFAN", "ștefan", "ŁÓDŹ", "łódź", "a", "ab", "ß", "İ"]
DOMAINS = ["gmail.com", "alfa.ro", "Beta.pl", "alfa.ro.example"]
DAYS = [0, 1, 2, 7, 30]
FIRST = 900_000_000
"""Ids of campaigns and people begin here."""
TYPES = ["demo_request", "webinar", "call"]

words = st.sampled_from(WORDS)
domains = st.sampled_from(DOMAINS)
countries = st.sampled_from(["RO", "PL", "DE"])
numbers = st.integers(0, 3)
days = st.sampled_from(DAYS)


def some(values):
    return st.lists(values, min_size=1, max_size=3, unique=True)


def _value(takes, field):
    texts = domains if field.type == Type.DOMAIN else words
    return {
        Takes.TEXT: texts,
        Takes.TEXTS: some(texts),
        Takes.NUMBER: numbers,
        Takes.PAIR: st.tuples(numbers, numbers).map(sorted),
        Takes.DAY: st.sampled_from(["2026-03-29", "2026-03-30", "2026-03-31"]),
        Takes.DAYS: days,
        Takes.FLAG: st.booleans(),
        Takes.COUNTRY: countries,
        Takes.COUNTRIES: some(countries),
        Takes.CHOICE: st.sampled_from(field.choices or ("",)),
        Takes.CHOICES: some(st.sampled_from(field.choices or ("",))),
        Takes.REFERENCES: some(st.integers(FIRST, FIRST + 2)),
    }[takes]


@st.composite
def field_conditions(draw):
    field = draw(st.sampled_from(list(FIELDS.values())))
    op = draw(st.sampled_from(list(OPERATORS[field.type])))
    found = {"field": field.name, "op": op}
    takes = OPERATORS[field.type][op]
    if takes != Takes.NOTHING:
        found["value"] = draw(_value(takes, field))
    return _maybe_optional(draw, found)


touch_filters = st.fixed_dictionaries(
    {},
    optional={
        "type": some(st.sampled_from(TYPES)),
        "channel": some(st.sampled_from(CHANNELS[:3])),
        "campaign": some(st.integers(FIRST, FIRST + 1)),
        "direction": st.sampled_from(DIRECTIONS),
        "team": st.sampled_from(TEAMS),
        "automatic": st.booleans(),
    },
)


@st.composite
def touch_conditions(draw):
    op = draw(st.sampled_from(TOUCH_OPERATORS))
    found = {"touches": draw(touch_filters), "op": op}
    if op in {"at_least", "at_most"}:
        found["value"] = draw(st.integers(1 if op == "at_least" else 0, 2))
        if draw(st.booleans()):
            found["within_days"] = draw(days)
    else:
        found["value"] = draw(days)
    return _maybe_optional(draw, found)


def _maybe_optional(draw, found):
    if draw(st.integers(0, 4)) == 0:
        found["optional"] = draw(st.booleans())
    return found


conditions = field_conditions() | touch_conditions()
nodes = st.recursive(
    conditions,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda n: {"all": n})
        | st.lists(inner, min_size=1, max_size=3).map(lambda n: {"any": n})
        | inner.map(lambda n: {"not": n})
    ),
    max_leaves=8,
).filter(lambda node: _depth(node) <= 8)


def _depth(node):
    for kind in ("all", "any"):
        if kind in node:
            return 1 + max(_depth(inner) for inner in node[kind])
    return 1 + _depth(node["not"]) if "not" in node else 1


def _group(points):
    return st.fixed_dictionaries(
        {
            "name": st.just("Group"),
            "cap": st.integers(1, 12),
            "points": st.lists(points, min_size=1, max_size=3),
        }
    )


_some_points = st.integers(-3, 9)
fits = st.fixed_dictionaries(
    {
        "threshold": st.integers(0, 12),
        "groups": st.lists(
            _group(st.fixed_dictionaries({"when": nodes, "points": _some_points})),
            min_size=1,
            max_size=2,
        ),
    }
)
engagements = st.fixed_dictionaries(
    {
        "threshold": st.integers(0, 12),
        "groups": st.lists(
            _group(
                st.fixed_dictionaries(
                    {"touches": touch_filters, "points": _some_points}
                )
            ),
            min_size=1,
            max_size=2,
        ),
    },
    optional={"half_life_days": st.none() | st.sampled_from([1, 2, 7, 365])},
)
criteria = st.fixed_dictionaries(
    {"rules": nodes},
    optional={
        "scoring": st.fixed_dictionaries(
            {}, optional={"fit": fits, "engagement": engagements}
        )
    },
)


@st.composite
def moments(draw, zone):
    """Draw a moment at, just before or just after the edge of a day, or at random."""
    back = draw(st.sampled_from([*DAYS, 3, 8, 31, 200, 4000]))
    edge = start_of(AT.astimezone(zone).date() - timedelta(days=back), zone)
    shift = draw(st.sampled_from([-1, 0, 1, 7_200_000_000, 40_000_000_000]))
    return edge + timedelta(microseconds=shift)


@st.composite
def touches(draw, zone):
    occurred = draw(moments(zone))
    return {
        "type": draw(st.sampled_from(TYPES)),
        "channel": draw(st.sampled_from(CHANNELS[:3])),
        "campaign_id": draw(st.none() | st.integers(FIRST, FIRST + 1)),
        "direction": draw(st.sampled_from(DIRECTIONS)),
        "team": draw(st.sampled_from(["", *TEAMS])),
        "automatic": draw(st.booleans()),
        "occurred_at": occurred,
        "recorded_at": occurred
        + draw(st.sampled_from([timedelta(), timedelta(days=1)])),
        "in_force": draw(st.integers(0, 5)) > 0,
    }


@st.composite
def companies(draw, zone):
    return {
        "name": draw(words),
        "domain": draw(st.just("") | domains),
        "country": draw(st.just("") | countries),
        "segment": draw(st.just("") | words),
        "industry": draw(st.just("") | words),
        "employees": draw(st.none() | numbers),
        "created_at": draw(moments(zone)),
    }


@st.composite
def leads(draw, zone):
    domain = draw(st.none() | domains)
    created = draw(moments(zone))
    return {
        "source": draw(st.just("") | words),
        "segment": draw(st.just("") | words),
        "country": draw(st.just("") | countries),
        "language": draw(st.sampled_from(["", "ro", "PL"])),
        "job_title": draw(st.just("") | words),
        "first_name": draw(st.just("") | words),
        "last_name": draw(st.just("") | words),
        "email": "" if domain is None else f"{draw(words)}@{domain}",
        "phone": draw(st.sampled_from(["", "+40722"])),
        "priority": draw(numbers),
        "campaign_id": draw(st.none() | st.integers(FIRST, FIRST + 1)),
        "owner_id": draw(st.none() | st.integers(FIRST, FIRST + 1)),
        "do_not_contact": draw(st.booleans()),
        "stage": draw(st.sampled_from(["lead", "mql", "recycled"])),
        "created_at": created,
        "stage_since_at": created + timedelta(days=draw(st.integers(0, 3))),
        "company": draw(st.none() | companies(zone)),
        "touches": draw(st.lists(touches(zone), max_size=4)),
    }


VALUES = {
    "source": words,
    "segment": words,
    "country": countries,
    "campaign": st.sampled_from(["", str(FIRST), str(FIRST + 1)]),
    "owner": st.sampled_from(["", str(FIRST), str(FIRST + 1)]),
    "priority": numbers.map(str),
    "do_not_contact": st.sampled_from(["True", "False"]),
    "company.country": countries,
    "company.segment": words,
    "company.industry": st.just("") | words,
    "company.employees": st.just("") | numbers.map(str),
}
"""What can be recorded of a lead, or of its company, by the name of the field."""


@st.composite
def told(draw, zone):
    """Draw that a value became another one, which may have been taken back later."""
    name = draw(st.sampled_from(list(VALUES)))
    return name, draw(VALUES[name]), draw(moments(zone)), draw(backs)


backs = st.lists(st.integers(0, 72).map(lambda n: timedelta(hours=n)), max_size=2)
"""After how long a fact was taken back, and after how long that was."""


@st.composite
def pasts(draw, zone):
    """Draw when a lead is judged, and what became known of it when."""
    stamp = {
        "source": draw(words),
        "campaign": draw(st.none() | st.integers(FIRST, FIRST + 1)),
        "segment": draw(st.just("") | words),
        "country": draw(countries),
        "owner": draw(st.none() | st.integers(FIRST, FIRST + 1)),
    }
    return {
        "at": draw(moments(zone)),
        "stage": draw(st.sampled_from(["lead", "disqualified"])),
        "stage_since_at": draw(moments(zone)),
        "stamp": draw(st.none() | st.just(stamp)),
        "first": draw(st.just("") | words),
        "told": draw(st.lists(told(zone), max_size=3)),
        "backs": draw(st.lists(backs, min_size=4, max_size=4)),
    }
