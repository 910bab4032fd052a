from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.kernel import clock
from sla.actions import agreement
from sla.actions.agreement import Draft, Promise
from sla.enums import ClauseKind
from sla.views import working_hours
from sla.views.wording import some_percent
from tests.factories.accounts import make_team
from tests.factories.leads import make_lead
from tests.factories.sla import make_calendar

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TO = "\N{EN DASH}"
PROMISES = [
    Promise(ClauseKind.FIRST_RESPONSE, HOUR / 2, Decimal("0.9"), source="webinar"),
    Promise(ClauseKind.FIRST_RESPONSE, 2 * HOUR, Decimal("0.9")),
    Promise(ClauseKind.VOLUME, text="Brings 1 400 qualified leads a <quarter>."),
    Promise(ClauseKind.KEEPING, 4 * HOUR),
    Promise(ClauseKind.DECISION, 45 * HOUR),
]


def put_in_force(*promises, **fields):
    draft = Draft(promises or PROMISES, **fields)
    return agreement.put_in_force(draft, by=None, at=clock.now())


def clauses(response):
    found = [c for part in response.context_data["parts"] for c in part["clauses"]]
    return {clause["number"]: clause for clause in found}


def test_parts_are_read_in_order_and_numbered_through(client, mark):
    put_in_force(text="We answer for the result together.")
    client.force_login(mark)

    response = client.get("/agreement/")

    read = [
        (part["side"], [str(c["sentence"]) for c in part["clauses"]])
        for part in response.context_data["parts"]
    ]
    assert [side for side, _ in read] == ["both", "sales", "marketing", "leadership"]
    assert "within <b>4 business hours</b>" in read[0][1][0]
    assert "within <b>30 business minutes</b>" in read[1][1][0]
    assert "within <b>2 business hours</b>" in read[1][1][1]
    assert "a &lt;quarter&gt;." in read[2][1][0]
    assert "within <b>45 business hours</b>" in read[3][1][0]
    assert list(clauses(response)) == [1, 2, 3, 4, 5]
    assert "We answer for the result together." in response.text
    assert clauses(response)[2]["narrowing"] == ["webinar"]


def test_a_promise_shows_how_far_it_was_kept_and_opens_its_records(client, sally, mark):
    put_in_force(Promise(ClauseKind.ACCEPTANCE, 9 * HOUR, Decimal("0.8")))
    now = clock.now()
    leads = [
        make_lead(created_at=now, at=now, stage="mql", owner_id=sally.pk)
        for _ in range(2)
    ]
    client.force_login(sally)
    client.post(f"/leads/{leads[0].pk}/accept/")
    client.force_login(mark)

    clause = clauses(client.get("/agreement/"))[1]

    assert (clause["pact"]["v"]["text"], clause["pact"]["n"]) == ("100 %", 1)
    assert (clause["share"], clause["pact"]["target"]) == ("80 %", 80)
    page = client.get(clause["pact"]["v"]["url"]).context_data["page"]
    assert [row.lead_id for row in page] == [leads[0].pk]


def test_each_share_of_the_integrity_line_opens_its_own_records(client, sally, mark):
    put_in_force(Promise(ClauseKind.ACCEPTANCE, 9 * HOUR, Decimal("0.8")))
    now = clock.now()
    lead = make_lead(created_at=now, at=now, owner_id=sally.pk)
    client.force_login(sally)
    by_hand = {"to": "mql", "reason": "known_account"}
    client.post(f"/leads/{lead.pk}/qualify/", by_hand)
    client.post(f"/leads/{lead.pk}/accept/")
    client.force_login(mark)

    shares = clauses(client.get("/agreement/"))[1]["shares"]

    assert [share["text"] for share in shares] == ["100 % qualified by hand"]
    page = client.get(shares[0]["url"]).context_data["page"]
    assert [row.lead_id for row in page] == [lead.pk]


def test_the_period_stands_in_the_address(client, sally, mark):
    put_in_force(Promise(ClauseKind.ACCEPTANCE, 9 * HOUR))
    now = clock.now()
    lead = make_lead(created_at=now, at=now, stage="mql", owner_id=sally.pk)
    client.force_login(sally)
    client.post(f"/leads/{lead.pk}/accept/")
    client.force_login(mark)

    response = client.get("/agreement/?period=2001-Q1")

    assert clauses(response)[1]["pact"]["n"] == 0
    assert "no case in this period" in response.text
    assert not any(choice["current"] for choice in response.context_data["choices"])
    current = client.get("/agreement/?period=nonsense").context_data["choices"]
    assert [str(c["label"]) for c in current if c["current"]] == ["Quarter"]


def test_what_is_not_measured_yet_says_so(client, mark):
    put_in_force(Promise(ClauseKind.KEEPING, 4 * HOUR))
    client.force_login(mark)

    text = client.get("/agreement/").text

    assert "not measured yet" in text
    assert "value-none" not in text


def test_without_an_agreement_the_page_says_what_one_is(client, mark, monkeypatch):
    monkeypatch.setattr("sla.queries.agreement.in_force", lambda **_: None)
    client.force_login(mark)

    assert "Nothing is agreed yet" in client.get("/agreement/").text


def test_hours_are_read_by_day_and_alike_ones_together(db):
    week = {
        **{day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue")},
        "thu": [["22:00", "06:00"]],
    }
    calendars = [
        make_calendar(weekly=week),
        make_calendar(weekly=week, team=make_team(name="Iasi")),
        make_calendar(
            weekly=week, team=make_team(name="Warsaw"), time_zone="Europe/Warsaw"
        ),
    ]

    found = working_hours.weeks(calendars)

    assert [(w.names, w.time_zone) for w in found] == [
        (["All others", "Iasi"], "Europe/Bucharest"),
        (["Warsaw"], "Europe/Warsaw"),
    ]
    assert [line.replace(TO, "-") for row in found[0].lines for line in row] == [
        *("Mon-Tue", "09:00-12:00, 13:00-17:00"),
        *("Thu", "22:00-06:00"),
    ]


def test_the_next_days_off_say_whose_they_are(at):
    day = at.date()
    past, next_week = day - timedelta(days=1), day + timedelta(days=7)
    hours = {next_week: [["10:00", "12:00"]]}
    both = {day: "Moving", past: "Past"}
    calendars = [
        make_calendar(days_off=both),
        make_calendar(days_off=both, special=hours, team=make_team(name="Iasi")),
    ]

    found = working_hours.days_off(calendars, today=day)

    assert [(d.day, d.title, d.times, d.names) for d in found] == [
        (day, "Moving", "", []),
        (next_week, "", f"10:00{TO}12:00", ["Iasi"]),
    ]


def test_the_page_has_a_constant_number_of_statements(
    client, sally, mark, count_queries
):
    def show(count):
        put_in_force(*PROMISES * count)
        make_calendar(team=make_team(), name=f"Hours {count}")
        now = clock.now()
        make_lead(created_at=now, at=now, stage="mql", owner_id=sally.pk)
        return count_queries(client.get, "/agreement/")

    client.force_login(mark)
    assert len({show(count) for count in (1, 2, 5)}) == 1


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, ""), ("0", "0 %"), ("0.001", "< 1 %"), ("0.006", "1 %"), ("1", "100 %")],
)
def test_what_occurs_is_never_nothing(share, text):
    assert some_percent(None if share is None else Decimal(share)) == text
