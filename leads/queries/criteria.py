"""The second reading of criteria: one SQL statement for all leads, or for some.

Both readings always agree (`tests/leads/criteria/test_two_readings.py`). Leads are
judged all at one moment, or each at a moment of its own, by what was known then
(`leads.queries.criteria_then`); the expressions are the same
(`leads.queries.criteria_writer`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, override

from leads.domain.criteria.days import Days
from leads.domain.criteria.fields import Field
from leads.domain.criteria.tree import (
    Criteria,
)
from leads.queries.criteria_writer import LEADS, TOUCHES, Writer, today


@dataclass
class Compiled:
    """A statement in parts, with the values of its placeholders.

    ``met``, ``fit`` and ``engagement`` are expressions over ``l``, ``c`` and ``seen``;
    ``seen`` is what is worked out of a lead's touches, empty where nothing is needed.
    """

    met: str
    fit: str
    engagement: str
    seen: list[str]
    params: dict[str, Any]

    def select(
        self, columns: str, *, leads: str = LEADS, where: str = "true", some: str = ""
    ) -> str:
        """Return a statement that selects columns of leads with their judgement.

        Args:
            columns: what to select; ``{met}``, ``{fit}`` and ``{engagement}`` stand for
                the expressions.
            leads: where leads and companies come from.
            where: which leads.
            some: a condition on ``t.lead_id`` where the leads are few, so that only
                their touches are read.
        """
        told = columns.format(met=self.met, fit=self.fit, engagement=self.engagement)
        joined = f" LEFT JOIN ({self._seen(some)}) AS seen ON seen.lead_id = l.id"
        return f"SELECT {told} FROM {leads}{joined if self.seen else ''} WHERE {where}"  # noqa: S608 -- names are ours, values are parameters

    def _seen(self, some: str) -> str:
        return f"""
            SELECT t.lead_id, {", ".join(self.seen)} FROM {TOUCHES}
            WHERE t.in_force AND NOT t.is_withdrawal
                AND t.occurred_at <= %(at)s AND t.recorded_at <= %(at)s
                {f"AND {some}" if some else ""}
            GROUP BY t.lead_id
        """  # noqa: S608 -- names are ours, values are parameters


def compile_criteria(criteria: Criteria, days: Days) -> Compiled:
    """Return the statement that judges leads at ``days.at``.

    ``days`` must reach back as far as the weights of the half-life do.
    """
    writer = _AtOnce(days)
    return Compiled(*writer.parts(criteria), writer.columns, writer.params)


class _AtOnce(Writer):
    """Judges all leads at one moment."""

    def __init__(self, days: Days) -> None:
        super().__init__({"at": days.at})
        self.days = days

    @override
    def since(self, days: int) -> str:
        return self.param(self.days.since(days))

    @override
    def start(self, day: dt.date) -> str:
        return self.param(self.days.start(day))

    @override
    def place(self) -> str:
        self.params["starts"] = list(self.days.starts)
        day = "width_bucket(t.occurred_at, %(starts)s::timestamptz[])"
        return f"{len(self.days.starts) + 1} - {day}"

    @override
    def value(self, wanted: Field) -> str:
        return today(wanted)
