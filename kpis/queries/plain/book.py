"""The facts as they stood at a ledger position, read row by row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.models import SpendEntry
from deals.models import Deal, DealChange, RevenueEntry
from foundation.accounts.models import Workspace
from foundation.kernel.periods import Period
from foundation.ledger.models import Entry, Fact
from kpis.domain.days import day_at
from kpis.queries.reading import Reading
from leads.domain.path import ORDER
from leads.models import AttributeChange, Lead, StageChange
from sla.models import Clock, ClockVersion

NOT_BUSINESS = {"test", "spam", "withdrawn"}


def in_force[F: Fact](rows: Iterable[F], positions: dict[int, int], at: int) -> list[F]:
    """Return the facts written up to a position that count by then.

    A fact counts if it is no withdrawal and no fact that counts corrects it; a
    correction counts in this sense even where it is a withdrawal. Later facts correct
    earlier ones, so they are judged from the last to the first.
    """
    known = [row for row in rows if positions.get(row.entry_id, at + 1) <= at]
    corrected: set[int] = set()
    for row in sorted(known, key=attrgetter("pk"), reverse=True):
        corrects = vars(row)["corrects_id"]
        if corrects is not None and row.pk not in corrected:
            corrected.add(corrects)
    return [r for r in known if r.pk not in corrected and not r.is_withdrawal]


@dataclass
class Book:
    """All facts that count at a position; each kind is read when it is needed."""

    position: int
    workspace: Workspace
    today: date

    @classmethod
    def of(cls, seen: Reading) -> "Book":
        """Return the book of what a reading stands for."""
        return cls(seen.position, seen.workspace, seen.today)

    @property
    def zone(self) -> ZoneInfo:
        return self.workspace.zone

    @cached_property
    def positions(self) -> dict[int, int]:
        """Ledger positions by entry."""
        sealed = Entry.objects.filter(position__lte=self.position)
        return {pk: at for pk, at in sealed.values_list("pk", "position") if at}

    def _facts[F: Fact](self, model: type[F]) -> list[F]:
        rows = model._default_manager.order_by("pk").iterator(5_000)
        return in_force(rows, self.positions, self.position)

    @cached_property
    def exclusions(self) -> dict[int, str]:
        """Why leads are left out, by lead; those that count are not in it."""
        rows = AttributeChange.objects.filter(subject="lead", field="exclusion")
        told = set(rows.values_list("subject_id", flat=True))
        found = dict(
            Lead.objects.exclude(exclusion="")
            .exclude(pk__in=told)
            .values_list("pk", "exclusion")
        )
        for row in in_force(rows, self.positions, self.position):
            found[row.subject_id] = row.value
        return {lead: why for lead, why in found.items() if why}

    @cached_property
    def paths(self) -> dict[int, list[StageChange]]:
        """Each counted lead's changes, in order of time, ties by id."""
        found: dict[int, list[StageChange]] = defaultdict(list)
        for row in self._facts(StageChange):
            if row.lead_id not in self.exclusions:
                found[row.lead_id].append(row)
        for changes in found.values():
            changes.sort(key=lambda row: (row.occurred_at, row.pk))
        return found

    @cached_property
    def firsts(self) -> list[dict[str, StageChange]]:
        """For each counted lead its first entry into each stage."""
        found = []
        for changes in self.paths.values():
            first: dict[str, StageChange] = {}
            for row in changes:
                if row.to_stage in ORDER:
                    first.setdefault(row.to_stage, row)
            found.append(first)
        return found

    @cached_property
    def deals(self) -> list[DealChange]:
        """What was last said of each deal; of leads that are business at all."""
        last: dict[int, DealChange] = {}
        for row in self.deal_changes:
            last[row.deal_id] = row
        return list(last.values())

    @cached_property
    def deal_changes(self) -> list[DealChange]:
        """Everything said of deals of leads that are business, in order of telling."""
        strangers = self.strangers
        rows = self._facts(DealChange)
        return [row for row in rows if self.lead_of_deal[row.deal_id] not in strangers]

    @cached_property
    def lead_of_deal(self) -> dict[int, int]:
        return dict(Deal.objects.values_list("pk", "lead_id"))

    @cached_property
    def strangers(self) -> set[int]:
        """Leads whose deals and payments are nobody's business."""
        return {lead for lead, why in self.exclusions.items() if why in NOT_BUSINESS}

    @cached_property
    def revenue(self) -> list[RevenueEntry]:
        """Revenue entries that count, in order of their date."""
        strangers, lead_of = self.strangers, self.lead_of_deal
        rows = [
            row
            for row in self._facts(RevenueEntry)
            if (row.lead_id or lead_of.get(row.deal_id or 0)) not in strangers
        ]
        return sorted(rows, key=lambda row: (row.starts_on, row.pk))

    @cached_property
    def spend(self) -> list[SpendEntry]:
        return self._facts(SpendEntry)

    @cached_property
    def clocks(self) -> list[Clock | ClockVersion]:
        """Each clock as it stood."""
        here = self.positions
        now = [row for row in Clock.objects.all() if row.entry_id in here]
        before = [
            row
            for row in ClockVersion.objects.all()
            if row.entry_id in here and row.until_entry_id not in here
        ]
        return [*now, *before]

    def day(self, row: Any, name: str = "occurred_at") -> date:  # noqa: ANN401 -- any fact
        """Return the local day of a fact."""
        return day_at(getattr(row, name), self.zone)


def split_of(row: Any, by: str | None) -> str:  # noqa: ANN401 -- any fact with the values
    """Return a row's own value of a split, blank where it has none."""
    if by is None or row is None:
        return ""
    name = f"{by}_id" if by in {"campaign", "owner"} else by
    value = getattr(row, name)
    return "" if value is None else str(value)


def slot_of(day: date, periods: Sequence[Period]) -> int:
    """Return the number of the period that holds a day, from 1; 0 for none."""
    for number, period in enumerate(periods, 1):
        if period.first <= day < period.end:
            return number
    return 0
