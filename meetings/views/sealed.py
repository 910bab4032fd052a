"""Minutes: what was, as it was; beside it only what became of the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from foundation.accounts.models import User
from meetings.domain.lines import all_lines, line_of
from meetings.models import AgendaItem, Meeting
from meetings.queries import minutes as queries
from meetings.queries.drafts import RESULT
from meetings.views import facts, wording
from meetings.views.shown import Shown, rows_of

PATH = (
    *("leads", "mqls", "sals", "sqls", "opportunities", "customers_won"),
    *("lead_to_customer", "win_rate", "average_deal", "pipeline_open"),
    *("sla_sales", "sla_marketing"),
)
"""The numbers of the pinned scorecard that stand under the joint result."""


def minutes(meeting: Meeting, items: Sequence[AgendaItem]) -> dict[str, Any]:
    """Return what the page of a held meeting shows."""
    people = queries.people_of(meeting)
    record: queries.Record = meeting.record or {"items": []}
    kept = {row["id"]: row for row in record["items"]}
    rows = replace(rows_of(items), people=people)
    return {
        "shown": [
            Shown.of(item, rows, agreed=_agreed(item, kept[item.pk], people))
            for item in items
        ],
        "pinned": _pinned(meeting),
        "is_intact": queries.is_intact(meeting, items),
        "length": wording.minutes(meeting.length),
    }


def _agreed(
    item: AgendaItem, kept: queries.Record, people: Mapping[int, User]
) -> list[dict[str, Any]]:
    """Return the actions as they were agreed, each with the row as it is now."""
    then = {action["id"]: action for action in kept["actions"]}
    return [
        {
            "now": row,
            "owner": people[then[row.pk]["owner"]],
            "due_on": date.fromisoformat(then[row.pk]["due_on"]),
        }
        for row in item.actions.all()
    ]


def _pinned(meeting: Meeting) -> dict[str, Any]:
    """Return the numbers as they stood when the meeting ended."""
    if meeting.scorecard is None:
        return {}
    card: dict[str, Any] = meeting.scorecard.values
    known = all_lines(card)

    def shown(keys: Sequence[str]) -> list[dict[str, Any]]:
        return [facts.line(line_of(card, key), card) for key in keys if key in known]

    return {"lines": shown(RESULT), "path": shown(PATH), "position": card["position"]}
