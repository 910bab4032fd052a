"""The rules of the numbers once more, in plain Python over rows, and slow."""

from collections import defaultdict
from datetime import timedelta

from foundation.kernel.periods import day_of, start_of
from foundation.ledger.models import Entry
from leads.models import AttributeChange, Lead, StageChange

ORDER = ["lead", "mql", "sal", "sql", "opportunity", "customer"]


def local_day(moment, zone):
    """The day whose half-open range holds the moment."""
    day = day_of(moment, zone)
    after = day + timedelta(days=1)
    return after if start_of(after, zone) <= moment else day


def in_force(rows, position=None):
    """Rows that count: written by then, neither withdrawals nor corrected."""
    if position is not None:
        at = dict(Entry.objects.values_list("pk", "position"))
        rows = [row for row in rows if at[row.entry_id] <= position]
    corrected = set()
    for row in sorted(rows, key=lambda row: -row.pk):
        if row.corrects_id and row.pk not in corrected:
            corrected.add(row.corrects_id)
    return [r for r in rows if r.pk not in corrected and not r.is_withdrawal]


def counted_leads(position=None):
    """Ids of leads that are not left out."""
    said = {}
    rows = AttributeChange.objects.filter(subject="lead", field="exclusion")
    for row in sorted(in_force(list(rows), position), key=lambda row: row.pk):
        said[row.subject_id] = row.value
    ever = set(rows.values_list("subject_id", flat=True))
    return {
        lead.pk
        for lead in Lead.objects.all()
        if not (said.get(lead.pk, "") if lead.pk in ever else lead.exclusion)
    }


def first_entries(position=None):
    """``{lead: {stage: the change of first entry}}``."""
    found = defaultdict(dict)  # type: ignore[var-annotated]
    leads = counted_leads(position)
    rows = in_force(list(StageChange.objects.all()), position)
    for row in sorted(rows, key=lambda row: (row.occurred_at, row.pk)):
        if row.lead_id in leads and row.to_stage in ORDER:
            found[row.lead_id].setdefault(row.to_stage, row)
    return found


def split_of(change, by):
    value = getattr(change, f"{by}_id" if by in {"campaign", "owner"} else by)
    return "" if value is None else str(value)


def cohort(stage, to, period, zone, *, by=None, within=None, position=None):
    """``{split: (reached, entered)}``, None being the total."""
    found = defaultdict(lambda: [0, 0])  # type: ignore[var-annotated]
    for changes in first_entries(position).values():
        if stage not in changes:
            continue
        day = local_day(changes[stage].occurred_at, zone)
        if not period.first <= day < period.end:
            continue
        came = to in changes and (
            within is None
            or (local_day(changes[to].occurred_at, zone) - day).days <= within
        )
        for split in {None, split_of(changes[stage], by) if by else None}:
            found[split][0] += came
            found[split][1] += 1
    return {split: tuple(pair) for split, pair in found.items()}


def attempts(stage, to, period, zone, *, by=None, within=None, position=None):
    """The same with rounds in place of leads."""
    first = {}  # type: ignore[var-annotated]
    leads = counted_leads(position)
    rows = in_force(list(StageChange.objects.all()), position)
    for row in sorted(rows, key=lambda row: (row.occurred_at, row.pk)):
        if row.lead_id in leads and row.round > 0:
            first.setdefault((row.lead_id, row.round, row.to_stage), row)
    found = defaultdict(lambda: [0, 0])  # type: ignore[var-annotated]
    for (lead, round_, reached), change in first.items():
        day = local_day(change.occurred_at, zone)
        if reached != stage or not period.first <= day < period.end:
            continue
        later = first.get((lead, round_, to))
        came = later is not None and (
            within is None or (local_day(later.occurred_at, zone) - day).days <= within
        )
        for split in {None, split_of(change, by) if by else None}:
            found[split][0] += came
            found[split][1] += 1
    return {split: tuple(pair) for split, pair in found.items()}


def over_the_period(stage, to, period, zone, *, by=None, position=None):
    """Entries into the one stage over entries into the other."""
    found = defaultdict(lambda: [0, 0])  # type: ignore[var-annotated]
    for changes in first_entries(position).values():
        for place, reached in enumerate([to, stage]):
            if reached not in changes:
                continue
            day = local_day(changes[reached].occurred_at, zone)
            if period.first <= day < period.end:
                for split in {None, split_of(changes[reached], by) if by else None}:
                    found[split][place] += 1
    return {split: tuple(pair) for split, pair in found.items()}
