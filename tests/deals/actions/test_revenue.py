from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.actions import revenue
from deals.actions.revenue import NewRevenue
from deals.domain.reductions import Account
from deals.models import RevenueEntry
from foundation.currencies.models import ExchangeRate
from foundation.kernel.money import cents
from tests.factories.leads import make_company

AMOUNTS = st.decimals("0.01", "99999", places=2)


@given(
    st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6),
    st.lists(st.decimals("0.01", "0.99", places=2), max_size=4),
)
def test_nothing_is_left_over_when_a_customer_leaves(layers, shares):
    account = Account()
    for amount, base in layers:
        account.add(amount, base)
    parts = [cents(account.running * share) for share in shares]
    taken = Decimal()
    for part in [*parts, None]:
        now = account.running if part is None else part
        if now <= account.running:
            taken += account.reduce(now) or 0

    assert account.running == 0
    assert taken == sum(base for _, base in layers)


def test_more_than_there_is_cannot_be_taken():
    account = Account()
    account.add(Decimal(5), Decimal(1))
    with pytest.raises(ValueError, match="5"):
        account.reduce(Decimal(6))


@pytest.fixture
def customer(db):
    for day, rate in [(date(2026, 1, 1), "5.0"), (date(2026, 2, 1), "4.0")]:
        ExchangeRate.objects.create(currency="RON", day=day, rate=Decimal(rate))
    return ("company", make_company().pk)


def entry(customer, kind, day, amount, **fields):
    amount = None if amount is None else Decimal(amount)
    return NewRevenue(customer, kind, date.fromisoformat(day), amount, "RON", **fields)


def test_reductions_convert_at_the_rate_of_what_they_reduce(customer, at):
    results = revenue.enter_many(
        [
            entry(customer, "new", "2026-01-10", "100"),
            entry(customer, "expansion", "2026-02-10", "40"),
            entry(customer, "contraction", "2026-02-20", "110"),
            entry(customer, "churn", "2026-03-01", None),
        ],
        by=None,
        at=at,
    )

    assert [r.code for r in results] == ["created"] * 4
    rows = RevenueEntry.objects.order_by("pk").values_list("amount", "base_amount")
    assert list(rows) == [
        (Decimal(100), Decimal(20)),
        (Decimal(40), Decimal(10)),
        (Decimal(110), Decimal("22.5")),
        (Decimal(30), Decimal("7.5")),
    ]


@pytest.mark.parametrize(
    ("kind", "day", "amount", "code"),
    [
        ("new", "2026-02-01", "0", "amount_missing"),
        ("new", "2026-02-01", None, "amount_missing"),
        ("contraction", "2026-02-01", "101", "more_than_there_is"),
        ("contraction", "2026-01-01", "1", "out_of_order"),
    ],
)
def test_refusals(customer, at, kind, day, amount, code):
    revenue.enter(entry(customer, "new", "2026-01-10", "100"), by=None, at=at)

    with pytest.raises(revenue.NotEntered) as refusal:
        revenue.enter(entry(customer, kind, day, amount), by=None, at=at)
    assert refusal.value.code == code


def test_nothing_to_end(customer, at):
    with pytest.raises(revenue.NotEntered) as refusal:
        revenue.enter(entry(customer, "churn", "2026-02-01", None), by=None, at=at)
    assert refusal.value.code == "nothing_to_end"


def test_the_same_entry_told_twice_is_one(customer, at):
    known = entry(customer, "new", "2026-01-10", "100", external_id="R1")
    plain = entry(customer, "one_off", "2026-01-10", "7")

    codes = [
        [r.code for r in revenue.enter_many([known, plain], by=None, at=at)]
        for _ in range(2)
    ]

    assert codes == [["created"] * 2, ["unchanged"] * 2]
    assert RevenueEntry.objects.count() == 2
