"""A dry run as its page shows it: three groups, what became of them, by source."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.domain.dry_runs import TOLD, Group, Reach
from kpis.domain.ratios import is_small
from kpis.views import figures
from leads.domain.keys import as_words
from leads.enums import Outcome
from leads.models import DryRun
from leads.queries.definitions import STAGES

_STEP_WORDS = {
    "sql": gettext_lazy("to SQL"),
    "opportunity": gettext_lazy("to opportunity"),
    "customer": gettext_lazy("customer"),
    "active_3m": gettext_lazy("still after 3 months"),
    "active_12m": gettext_lazy("still after 12 months"),
}
_END_WORDS = {
    "customer": gettext_lazy("Customer"),
    "only_sql": gettext_lazy("SQL, no customer"),
    "no_sql": gettext_lazy("No SQL"),
    "only_opportunity": gettext_lazy("Opportunity, no customer"),
    "no_opportunity": gettext_lazy("No opportunity"),
}
PART_WORDS = {"all": gettext_lazy("all of them"), **_END_WORDS, **_STEP_WORDS}
_ROLES = {Outcome.SAME: "joint", Outcome.NO_LONGER: "ink-3", Outcome.NEWLY: "good"}
_TALLEST = 104
MOST_SOURCES = 20
_PLACE = Decimal("0.01")


def leads_url(
    run: DryRun, outcome: str, part: str = "all", source: str | None = None
) -> str:
    """Return where the leads behind a figure are listed."""
    asked = {"group": outcome}
    if part != "all":
        asked["part"] = part
    if source is not None:
        asked["source"] = source
    address = reverse("kpis:dry-run-leads", kwargs={"pk": run.pk})
    return f"{address}?{urlencode(asked)}"


def told_of(run: DryRun) -> tuple[str, ...]:
    """Return the steps that are told of a run: those that come after its stage."""
    return TOLD[STAGES[run.version.kind]]


@dataclass(frozen=True)
class Shown:
    """Everything under the head of the page."""

    bars: list[dict[str, Any]]
    columns: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]
    sources: list[dict[str, Any]]
    flow: dict[str, Any] | None
    growing: bool


def shown(run: DryRun, groups: Sequence[Group]) -> Shown:
    """Return the figures of a run, each with the address of its leads."""
    whole = [group for group in groups if group.source is None]
    columns: list[dict[str, Any]] = [{"label": _("Group")}]
    columns.append({"label": _("Leads"), "num": True})
    columns += [{"label": str(_STEP_WORDS[step]), "num": True} for step in told_of(run)]
    return Shown(
        bars=_bars(run, whole),
        columns=columns,
        rows=[_row(run, g, str(Outcome(g.outcome).label)) for g in whole],
        sources=[_by_source(run, g, groups, columns) for g in whole if g.n],
        flow=_flow(run, whole),
        growing=any(not r.mature for g in whole if g.n for r in g.reach.values()),
    )


def _bars(run: DryRun, groups: Sequence[Group]) -> list[dict[str, Any]]:
    most = max(group.n for group in groups) or 1
    return [
        {
            "outcome": group.outcome,
            "label": Outcome(group.outcome).label,
            "text": figures.grouped(group.n),
            "url": leads_url(run, group.outcome) if group.n else "",
            "height": max(round(_TALLEST * group.n / most), 2 if group.n else 0),
        }
        for group in groups
    ]


def _row(run: DryRun, group: Group, name: str) -> list[dict[str, Any]]:
    count = {
        "text": figures.grouped(group.n),
        "url": leads_url(run, group.outcome, source=group.source) if group.n else "",
        "sub": _("too few to say") if group.n > 0 and is_small(group.n) else "",
        "label": _("Leads"),
        "num": True,
    }
    cells = [_cell(run, group, step) for step in told_of(run)]
    return [{"text": name}, count, *cells]


def _cell(run: DryRun, group: Group, step: str) -> dict[str, Any]:
    reach, label = group.reach[step], str(_STEP_WORDS[step])
    if reach.value is None:
        return {"text": figures.NONE, "label": label, "num": True}
    text = figures.percent(reach.value)
    if reach.small:
        text = _("%(reached)s of %(n)s") % {
            "reached": figures.grouped(reach.reached),
            "n": figures.grouped(reach.n),
        }
    return {
        "text": text,
        "url": leads_url(run, group.outcome, step, group.source)
        if reach.reached
        else "",
        "sub": " · ".join(_beside(reach)),
        "label": label,
        "num": True,
    }


def _beside(reach: Reach) -> list[str]:
    """Say how sure it is, and whether it still grows."""
    said = []
    if reach.interval is not None and not reach.small:
        low, high = reach.interval.low, reach.interval.high
        said.append(f"{_bare(low)}\u2013{_bare(high)}")
    if not reach.mature:
        said.append(_("still growing"))
    return said


def _bare(share: Decimal) -> str:
    """Write the end of an interval: the percent sign stands beside the value."""
    return figures.grouped(share * 100, 1)


def _by_source(
    run: DryRun,
    group: Group,
    groups: Sequence[Group],
    columns: list[dict[str, Any]],
) -> dict[str, Any]:
    parts = [g for g in groups if g.outcome == group.outcome and g.source is not None]
    heads = [{"label": _("Source")}, *columns[1:]]
    rows = [
        _row(run, g, as_words(g.source or "") or _("not stated"))
        for g in parts[:MOST_SOURCES]
    ]
    return {
        "label": Outcome(group.outcome).label,
        "columns": heads,
        "rows": rows,
        "more": max(0, len(parts) - MOST_SOURCES),
    }


def _flow(run: DryRun, groups: Sequence[Group]) -> dict[str, Any] | None:
    """Return the picture of who came from where and how far; None without anybody."""
    links, next_ = [], told_of(run)[0]
    for group in groups:
        came_from = "waiting" if group.outcome == Outcome.NEWLY else "qualified"
        customers = group.reach["customer"].reached
        ends = {"customer": customers}
        ends[f"only_{next_}"] = max(group.reach[next_].reached - customers, 0)
        ends[f"no_{next_}"] = group.n - sum(ends.values())
        links.append((came_from, group.outcome, group.n, "all"))
        links += [(group.outcome, end, n, end) for end, n in ends.items()]
    links = [link for link in links if link[2]]
    if not links:
        return None
    ends_ = {end for link in links for end in link[:2]}
    names: dict[str, tuple[str, str]] = {
        "qualified": (_("Qualified then"), "joint"),
        "waiting": (_("Not qualified then"), "ink-3"),
        **{str(o): (str(o.label), _ROLES[o]) for o in Outcome},
        **{e: (str(word), "ink-3") for e, word in _END_WORDS.items()},
    }
    names["customer"] = (names["customer"][0], "good")
    return {
        "nodes": [
            {"id": key, "name": name, "role": role}
            for key, (name, role) in names.items()
            if key in ends_
        ],
        "links": [
            {
                "source": source,
                "target": target,
                "value": n,
                "url": leads_url(run, source if part != "all" else target, part),
            }
            for source, target, n, part in links
        ],
        "unit": "count",
        "from_label": _("From and to"),
        "value_label": _("Leads"),
    }


def lines(run: DryRun, groups: Sequence[Group]) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and rows of the file: every group and source."""
    heads = [_("Group"), _("Source"), _("Leads")]
    for step in told_of(run):
        word = str(_STEP_WORDS[step])
        heads += [word, f"{word} %", f"{word} % ≥", f"{word} % ≤", _("still growing")]
    rows = []
    for group in groups:
        source = _("All") if group.source is None else group.source or _("not stated")
        row: list[Any] = [str(Outcome(group.outcome).label), source, group.n]
        for step in told_of(run):
            reach = group.reach[step]
            ends = reach.interval
            row += [reach.reached, _hundredths(reach.value)]
            row += [_hundredths(ends.low), _hundredths(ends.high)] if ends else ["", ""]
            row.append("" if reach.mature or not group.n else _("yes"))
        rows.append(row)
    return heads, rows


def _hundredths(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * 100).quantize(_PLACE)
