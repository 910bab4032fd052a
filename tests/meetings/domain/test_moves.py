from decimal import Decimal

import pytest

from meetings.domain.moves import Pair, most


@pytest.mark.parametrize(
    ("pair", "surprise"),
    [
        (Pair("mqls", 100, 144), "2.8168"),  # 44 / sqrt(244)
        (Pair("mqls", 144, 100), "-2.8168"),
        (Pair("mqls", 0, 0), "0"),
        (Pair("mqls", 0, 9), "3"),
        (Pair("sla_sales", 50, 80, 100, 100), "4.4475"),  # 0.3 / sqrt(0.65*0.35*0.02)
        (Pair("sla_sales", 0, 0, 0, 10), "0"),
        (Pair("sla_sales", 10, 10, 10, 10), "0"),
    ],
)
def test_surprise_is_the_difference_in_standard_errors(pair, surprise):
    assert round(pair.surprise, 4) == Decimal(surprise)


def test_what_moved_most_comes_first_and_chance_is_left_out():
    leads, mqls = Pair("leads", 1000, 900), Pair("mqls", 4, 7)
    sqls, kept = Pair("sqls", 10, 30), Pair("sla_sales", 90, 60, 100, 100)

    assert most([leads, mqls, sqls, kept], 3) == [kept, sqls, leads]
    assert most([leads, mqls, sqls, kept], 1) == [kept]
    assert most([mqls], 3) == []


def test_a_large_base_needs_a_larger_difference_than_its_share_suggests():
    """Four to seven is chance; a thousand to nine hundred is not."""
    assert abs(Pair("mqls", 4, 7).surprise) < Decimal("1.96")
    assert abs(Pair("leads", 1000, 900).surprise) > Decimal("1.96")
