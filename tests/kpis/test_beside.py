"""What stands beside a number opens exactly the records that it counts."""

import pytest

from foundation.kernel.periods import parse
from kpis.domain.questions import Question
from kpis.domain.registry import REGISTRY
from kpis.enums import BESIDE
from kpis.queries import records, values
from kpis.queries.asks import BadQuestion
from leads.actions import decisions
from tests.factories.leads import make_lead, move
from tests.factories.sla import call
from tests.kpis import life
from tests.kpis.life import AT, BEGIN, DAY, HOUR

pytestmark = pytest.mark.django_db
YEAR = parse("2026")
KEYS = [key for key, kpi in REGISTRY.items() if kpi.method.beside]


@pytest.fixture
def lived(sally, mark):
    """Contacts told late and as history, a refusal although met, some that wait."""
    life.begin(sally, mark)
    late = make_lead(created_at=BEGIN, owner=sally, source="web")
    move(late, "mql", BEGIN + DAY, by=mark)
    call(late, BEGIN + DAY + HOUR, by=sally, at=BEGIN + 3 * DAY)
    decisions.refuse(late, reason="no_need", by=sally, at=BEGIN + 4 * DAY)
    told = make_lead(created_at=BEGIN, stage="mql", source="web", at=AT)
    call(told, BEGIN + HOUR, by=sally, at=AT)
    make_lead(created_at=BEGIN)
    for stage in ("mql", "sal", "sql"):
        move(make_lead(created_at=BEGIN), stage, BEGIN + DAY)


def counted(question, split, part):
    return records.of(question, split, part, at=AT).count()


@pytest.mark.parametrize("key", KEYS)
def test_as_many_records_as_it_says(lived, key):
    method = REGISTRY[key].method
    by = next(iter(method.dimensions))
    question = Question(key, YEAR, by=by)
    found = 0
    for value in values.value(question, at=AT).values:
        for name in method.beside:
            says = value.measure.apart.get(name, 0)
            assert counted(question, value.split, name) == says, (value.split, name)
            found += int(says)

    assert found > 0


def test_every_part_is_known_to_some_number():
    known = {part for kpi in REGISTRY.values() for part in kpi.method.beside}

    assert known == set(BESIDE)


def test_a_part_that_a_number_does_not_have_is_refused(lived):
    with pytest.raises(BadQuestion) as refusal:
        records.of(Question("leads", YEAR), None, "logged_late", at=AT)

    assert refusal.value.field == "part"


def test_the_page_of_a_number_links_them(client, lived, sally, monkeypatch):
    monkeypatch.setattr("foundation.kernel.clock.now", lambda: AT)
    client.force_login(sally)

    shares = client.get("/numbers/sla_sales/?period=2026").context_data["apart"]

    assert len(shares) > 1
    assert {share["loud"] for share in shares} <= {True, False}
    for share in shares:
        found = client.get(share["url"])
        assert found.context_data["count"] > 0
        assert len(found.context_data["words"]) == 2
