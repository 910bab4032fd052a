"""The lines of a scorecard: value and what it is made of, from the plain figures."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from foundation.kernel.periods import Period
from kpis.domain.percentiles import MEDIAN, P90, percentile
from kpis.domain.ratios import tenth, wilson
from kpis.domain.revenue import in_cents
from kpis.domain.writing import written
from kpis.queries.cards import window
from kpis.queries.declared.path import VOLUMES
from kpis.queries.plain import money, paths
from kpis.queries.plain.book import Book, slot_of
from leads.domain.path import ORDER

type Line = dict[str, Any]
"""``n``, ``numerator``, ``denominator`` and ``value``, and others where there are."""

CUSTOMER_SHARES = {"retention", "churn", "grr", "nrr"}
_CONVERSIONS = {f"{before}_to_{after}" for before, after in combinations(ORDER, 2)}
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def line(book: Book, key: str, period: Period) -> Line:
    """Return what a card should say of a KPI, as far as it is told here.

    Raises:
        KeyError: nobody has written down how the KPI is counted by hand.
    """
    if key in VOLUMES:
        n = paths.entries(book, VOLUMES[key], [period], None)[1, None]
        return {"n": n, "numerator": n, "value": str(n)}
    if key in _CONVERSIONS:
        return _conversion(book, key, period)
    return _LINES[key](book, period)


def _ratio(above: Decimal | int, below: Decimal | int) -> str | None:
    if not below:
        return None
    exact = Fraction(above) / Fraction(below)
    cut = Decimal(exact.numerator * 10**30 // exact.denominator).scaleb(-30)
    return written(tenth(cut), "ratio")


def _share(above: int, below: int) -> Line:
    between = wilson(above, below)
    return {
        "n": below,
        "numerator": above,
        "denominator": below,
        "value": _ratio(above, below),
        "low": written(between.low if between else None, "ratio"),
        "high": written(between.high if between else None, "ratio"),
    }


def _conversion(book: Book, key: str, period: Period) -> Line:
    within = window(key, book.workspace)
    found = paths.conversion(book, key, [period], within=within)
    return _share(*found.get((1, None), (0, 0)))


def _waits(waits: Sequence[timedelta], unit: timedelta = _DAY) -> Line:
    ordered = sorted(Decimal(wait // timedelta(microseconds=1)) for wait in waits)
    whole = unit // timedelta(microseconds=1)
    told = [
        None if found is None else _ratio(found, whole)
        for found in (percentile(ordered, MEDIAN), percentile(ordered, P90))
    ]
    percentiles = {"p90": told[1]} if waits else {}
    return {"n": len(waits), "value": told[0], "percentiles": percentiles}


def _money(found: money.Sum) -> Line:
    n, amount, missing = found
    value = None if missing else written(amount, "money")
    return {"n": n, "missing": missing, "value": value}


def _average(amount: Decimal, n: int, missing: int) -> Line:
    exact = None if missing or not n else in_cents(Fraction(amount) / n)
    return {"n": n, "missing": missing, "value": written(exact, "money")}


def _revenue(book: Book, period: Period) -> Line:
    n, amount, missing = money.revenue(book.revenue, money.days_that_came(book, period))
    return _money((n, in_cents(amount), missing))


def _revenue_of(*kinds: str) -> Callable[[Book, Period], Line]:
    def told(book: Book, period: Period) -> Line:
        return _money(
            money.added(
                row.base_amount
                for row in book.revenue
                if row.kind in kinds and slot_of(row.starts_on, [period])
            )
        )

    return told


def _average_customer(book: Book, period: Period) -> Line:
    days = money.days_that_came(book, period)
    everybody = money.customers(book, None).get("", [])
    _, amount, missing = money.revenue(book.revenue, days)
    payers = sum(customer.paid(days) for customer in everybody)
    return _average(in_cents(amount), payers, missing)


def _kept(key: str) -> Callable[[Book, Period], Line]:
    def told(book: Book, period: Period) -> Line:
        everybody = money.customers(book, None).get("", [])
        found = money.kept(everybody, money.days_that_came(book, period))
        if key in {"retention", "churn"}:
            still = found.still if key == "retention" else found.active - found.still
            return _share(still, found.active)
        left = found.start - found.contraction - found.churn
        left += found.expansion if key == "nrr" else 0
        value = None if found.missing else _ratio(left, found.start)
        return {"n": found.active, "missing": found.missing, "value": value}

    return told


def _win_rate(book: Book, period: Period) -> Line:
    rows = money.closed(book, period)
    return _share(sum(row.outcome == "won" for row in rows), len(rows))


def _average_deal(book: Book, period: Period) -> Line:
    won = [row for row in money.closed(book, period) if row.outcome == "won"]
    n, amount, missing = money.added(
        row.base_amount for row in won if row.amount is not None
    )
    return _average(amount, n, missing)


def _pipeline(of: Callable[[Book, Period], Sequence[Any]]) -> Callable[..., Line]:
    def told(book: Book, period: Period) -> Line:
        rows = [row for row in of(book, period) if row.amount is not None]
        return _money(money.added(row.base_amount for row in rows))

    return told


def _time_to_close(book: Book, period: Period) -> Line:
    return _waits(money.times_to_close(money.closed(book, period)))


def _lead_to_customer(book: Book, period: Period) -> Line:
    return _waits(paths.to_customer(book, [period]).get((1, None), []))


def _acceptance(book: Book, period: Period) -> Line:
    said: Counter[str] = paths.decisions(book, [period]).get((1, None), Counter())
    return _share(said["accepted"], said["accepted"] + said["refused"])


def _spend(book: Book, period: Period) -> Line:
    return _money(money.spent(book, [period]).get((1, None), money.added([])))


def _cost_per(stage: str) -> Callable[[Book, Period], Line]:
    def told(book: Book, period: Period) -> Line:
        _, amount, missing = money.spent(book, [period]).get((1, None), money.added([]))
        n = paths.entries(book, stage, [period], None)[1, None]
        return _average(amount, n, missing)

    return told


def _sla_sales(book: Book, period: Period) -> Line:
    ended = [
        clock.state
        for clock in book.clocks
        if clock.kind in {"acceptance", "first_response"}
        and not clock.history
        and not clock.excepted
        and clock.state in {"met", "breached"}
        and slot_of(book.day(clock, "ended_at"), [period])
    ]
    return _share(ended.count("met"), len(ended))


def _speed(book: Book, period: Period) -> Line:
    answered = [
        clock
        for clock in book.clocks
        if clock.kind == "first_response"
        and not clock.excepted
        and clock.state != "cancelled"
        and clock.done_at
        and slot_of(book.day(clock, "started_at"), [period])
    ]
    if not answered:
        return {**_waits([]), "apart": {}}
    in_time = sum(clock.state == "met" for clock in answered)
    beside = {
        "in_time": in_time,
        "in_time_share": _ratio(in_time, len(answered)),
        "history": sum(clock.history for clock in answered),
    }
    waits = [timedelta(seconds=clock.elapsed_seconds or 0) for clock in answered]
    return {**_waits(waits, _MINUTE), "apart": beside}


_LINES: dict[str, Callable[[Book, Period], Line]] = {
    "revenue": _revenue,
    "revenue_new": _revenue_of("new"),
    "revenue_expansion": _revenue_of("expansion"),
    "revenue_lost": _revenue_of("contraction", "churn"),
    "average_customer_value": _average_customer,
    **{key: _kept(key) for key in sorted(CUSTOMER_SHARES)},
    "win_rate": _win_rate,
    "average_deal": _average_deal,
    "pipeline_created": _pipeline(money.opened),
    "pipeline_open": _pipeline(money.open_at_end),
    "time_to_close": _time_to_close,
    "lead_to_customer_days": _lead_to_customer,
    "mql_acceptance": _acceptance,
    "sla_marketing": _acceptance,
    "sla_sales": _sla_sales,
    "speed_to_lead": _speed,
    "spend": _spend,
    **{f"cost_per_{stage}": _cost_per(stage) for stage in ("lead", "mql", "customer")},
}
