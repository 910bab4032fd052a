from decimal import Decimal

import pytest

from kpis.domain.forecasts import forecast, poisson

EXACT = {5: (1.6235, 11.6683), 10: (4.7954, 18.3904), 100: (81.3640, 121.6272)}
"""Garwood's exact limits, from the tables of Breslow and Day."""


@pytest.mark.parametrize("n", EXACT)
def test_the_interval_is_within_one_percent_of_the_exact_one(n):
    for found, exact in zip(poisson(n), EXACT[n], strict=True):
        assert float(found) == pytest.approx(exact, rel=0.01)


def test_a_quarter_of_the_time_brings_a_quarter_of_it():
    found = forecast(10, Decimal(5000), passed=23, days=92)

    assert found is not None
    assert found.value == 20_000
    assert float(found.low) == pytest.approx(4.7954 * 500 * 4, rel=0.01)
    assert float(found.high) == pytest.approx(18.3904 * 500 * 4, rel=0.01)


def test_it_is_never_less_than_there_is_already():
    found = forecast(10, Decimal(5000), passed=91, days=92)

    assert found is not None
    assert found.low == 5000 < found.value


@pytest.mark.parametrize(("n", "passed"), [(0, 10), (3, 0), (3, 92), (3, 100)], ids=str)
def test_there_is_none_without_records_or_outside_the_period(n, passed):
    assert forecast(n, Decimal(n), passed=passed, days=92) is None
