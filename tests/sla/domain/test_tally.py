from decimal import Decimal

from sla.domain.tally import Tally


def test_shares_and_sums():
    one = Tally(3, 1, 1, 2, 5, 5, {"paused": 2, "by_hand": 1})
    two = Tally(1, 1, marks={"paused": 1, "implied": 1})

    assert (one.n, one.cases) == (4, 7)
    assert (one.attainment, one.history_attainment) == (Decimal("0.75"), Decimal("0.5"))
    assert one.share("paused") == Decimal(2) / 7
    assert one.share("nothing") == 0
    assert one + two == Tally(
        4, 2, 1, 2, 5, 5, {"paused": 3, "by_hand": 1, "implied": 1}
    )
    assert sum([one, two], Tally()) == one + two
