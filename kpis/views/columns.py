"""What a list of records shows of each kind of record, on the page and as CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models import SpendEntry
from deals.models import Deal, RevenueEntry
from foundation.kernel.places import country_name
from kpis.queries import reasons
from kpis.views import figures
from leads.domain.keys import as_words
from leads.enums import Stage
from leads.models import Lead, StageChange
from sla.enums import ClauseKind
from sla.models import Clock

type Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A heading, and what stands under it for a record."""

    label: object
    of: Callable[[Any], Cell]
    num: bool = False
    key: bool = False  # people read it as words


@dataclass(frozen=True)
class Sort:
    """A kind of record: its columns, what they need, and the lead behind each."""

    columns: tuple[Column, ...]
    related: tuple[str, ...]
    lead_id: Callable[[Any], int | None]
    named: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None

    def ready(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return records with all that the columns need, in the reader's language."""
        rows = rows.select_related(*self.related)
        return self.named(rows, (get_language() or "en")[:2]) if self.named else rows


def sort_of(model: type[Model]) -> Sort:
    """Return how records of a model are listed."""
    return _SORTS[model]


def text(cell: Cell) -> str:
    """Write a cell for people; moments in their own time zone."""
    if cell is None or cell == "":
        return figures.NONE
    if isinstance(cell, datetime):
        return str(date_format(localtime(cell), "SHORT_DATETIME_FORMAT"))
    if isinstance(cell, date):
        return figures.day(cell)
    if isinstance(cell, Decimal):
        return figures.grouped(cell, 2)
    return figures.grouped(cell) if isinstance(cell, int) else cell


def row(sort: Sort, record: Model) -> list[dict[str, object]]:
    """Return the cells of a record, the first one opening its lead."""
    cells: list[dict[str, object]] = [
        {"label": c.label, "text": _shown(c, record), "num": c.num}
        for c in sort.columns
    ]
    lead = sort.lead_id(record)
    cells[0]["url"] = reverse("leads:lead-detail", args=[lead]) if lead else ""
    return cells


def _shown(column: Column, record: Model) -> str:
    said = text(column.of(record))
    return as_words(said) if column.key else said


def _name(thing: Any) -> str:  # noqa: ANN401 -- a person, a company, a campaign
    return "" if thing is None else str(thing.name)


def _stage(key: str) -> str:
    return str(Stage(key).label) if key else ""


def _country(record: Any) -> str:  # noqa: ANN401 -- a lead, a deal, a clock
    return country_name(record.country)


_SPLITS = (
    Column(_("Source"), lambda r: r.source, key=True),
    Column(_("Campaign"), lambda r: _name(r.campaign)),
    Column(_("Country"), _country),
    Column(_("Owner"), lambda r: _name(r.owner)),
)
_MONEY = (
    Column(_("Amount"), lambda r: r.amount, num=True),
    Column(_("Currency"), lambda r: r.currency),
    Column(_("In the workspace's currency"), lambda r: r.base_amount, num=True),
)


def _customer(entry: RevenueEntry) -> str:
    return _name(entry.company or entry.lead)


def _kinds(kind: str) -> str:
    return str(ClauseKind(kind).label)


_SORTS: dict[type[Model], Sort] = {
    Lead: Sort(
        (
            Column(_("Lead"), lambda r: r.name),
            Column(_("Company"), lambda r: _name(r.company)),
            Column(_("Stage"), lambda r: r.get_stage_display()),
            *_SPLITS,
            Column(_("Created"), lambda r: r.created_at),
        ),
        ("company", "campaign", "owner"),
        lambda r: r.pk,
    ),
    StageChange: Sort(
        (
            Column(_("Lead"), lambda r: r.lead.name),
            Column(_("Round"), lambda r: r.round, num=True),
            Column(_("From"), lambda r: _stage(r.from_stage)),
            Column(_("To"), lambda r: r.get_to_stage_display()),
            Column(_("Reason"), lambda r: r.reason_label),
            *_SPLITS,
            Column(_("When"), lambda r: r.occurred_at),
        ),
        ("lead", "campaign", "owner"),
        lambda r: r.lead_id,
        reasons.with_labels,
    ),
    Deal: Sort(
        (
            Column(_("Deal"), lambda r: r.name or r.lead.name),
            Column(_("Company"), lambda r: _name(r.company)),
            Column(_("Outcome"), lambda r: r.get_outcome_display()),
            *_SPLITS,
            Column(_("Opened"), lambda r: r.opened_at),
            Column(_("Closed"), lambda r: r.closed_at),
            *_MONEY,
        ),
        ("lead", "company", "campaign", "owner"),
        lambda r: r.lead_id,
    ),
    RevenueEntry: Sort(
        (
            Column(_("Customer"), _customer),
            Column(_("Kind"), lambda r: r.get_kind_display()),
            Column(_("From"), lambda r: r.starts_on),
            *_MONEY,
        ),
        ("company", "lead"),
        lambda r: r.lead_id,
    ),
    SpendEntry: Sort(
        (
            Column(_("Campaign"), lambda r: _name(r.campaign)),
            Column(_("Day"), lambda r: r.day),
            Column(_("Category"), lambda r: r.category),
            *_MONEY,
        ),
        ("campaign",),
        lambda r: None,
    ),
    Clock: Sort(
        (
            Column(_("Lead"), lambda r: r.lead.name),
            Column(_("Promise"), lambda r: _kinds(r.kind)),
            Column(_("State"), lambda r: r.get_state_display()),
            Column(_("Started"), lambda r: r.started_at),
            Column(_("Due"), lambda r: r.due_at),
            Column(_("Done"), lambda r: r.done_at),
            Column(_("Source"), lambda r: r.source, key=True),
            Column(_("Country"), _country),
        ),
        ("lead",),
        lambda r: r.lead_id,
    ),
}


def headings(columns: Sequence[Column]) -> list[str]:
    """Return the words over the columns, in the reader's language."""
    return [str(column.label) for column in columns]
