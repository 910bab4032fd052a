"""What an agenda keeps of a scorecard: lines as they were shown, coded for ever."""

from collections.abc import Iterable, Mapping
from typing import Any

from meetings.domain.moves import Pair

type Line = dict[str, Any]
"""One number: text, whole numbers, true or false; its words come from the registry."""

_KEPT = (
    *("unit", "value", "n", "low", "high", "mature", "small_sample", "target"),
    *("kind", "within", "apart", "missing", "problem"),
)


def all_lines(card: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the lines of a scorecard by the key of their number."""
    sections: Iterable[Mapping[str, Any]] = card["sections"]
    return {line["key"]: line for section in sections for line in section["kpis"]}


def line_of(card: Mapping[str, Any], key: str) -> Line:
    """Return one number of a scorecard, and its value in the period before."""
    line = all_lines(card)[key]
    kept = {name: line[name] for name in _KEPT}
    return {
        "kpi": key,
        "period": card["period"],
        "before": line["before"]["value"],
        "before_period": card["before"],
        **kept,
    }


def pair_of(line: Mapping[str, Any]) -> Pair | None:
    """Return a number in both periods, where it is a count or a share of cases.

    None for sums of money, times and rates that are not complete in both periods.
    """
    before = line["before"]
    if line["unit"] == "count" and isinstance(line["numerator"], int):
        return Pair(line["key"], before["numerator"] or 0, line["numerator"])
    if line["unit"] != "ratio" or not (line["mature"] and before["mature"]):
        return None
    cases = [before["numerator"], before["denominator"]]
    cases += [line["numerator"], line["denominator"]]
    if not all(isinstance(number, int) for number in cases):
        return None
    return Pair(line["key"], cases[0], cases[2], cases[1], cases[3])
