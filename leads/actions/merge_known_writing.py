"""Write what became of known leads in memory: fields, facts, stage changes, events."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from campaigns.actions.merge_outcomes import Change, Outcome
from campaigns.actions.merge_rows import update_rows
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads import signals
from leads.actions.leads import CODED, FLAGS
from leads.actions.merge_known_leads import KnownLeads
from leads.actions.merge_references import REFERRED
from leads.actions.merge_stage_writing import write_stages
from leads.models import AttributeChange, Lead

_RECORDED = frozenset(CODED + FLAGS)


def write(
    known: KnownLeads, outcome: Outcome, *, by: User | None, at: datetime
) -> None:
    """Write the changes of the known leads, inside a ledger entry.

    What they refer to has been made.
    Coded values become attribute changes, in the order in which they were told;
    personal ones only change the row.
    """
    if known.told_of:
        _settle_references(known)
        outcome.changes += _write_fields(known)
        _tell_fields(known, by=by, at=at)
    if known.book is not None:
        write_stages(known.book, by=by, at=at)


def _settle_references(known: KnownLeads) -> None:
    """Put ids in the place of provisional numbers."""
    written = known.book.written if known.book else []
    rows: list[Any] = [*(known.leads[pk] for pk in known.before), *written]
    for name in REFERRED:
        real = known.references.reals(name)
        told = [new for _, _, new in known.told_of if name in new]
        for new in told:
            new[name] = real(new[name])
        if told:
            for row in rows:
                if (number := getattr(row, name, None)) is not None:
                    setattr(row, name, real(number))


def _write_fields(known: KnownLeads) -> Iterator[Change]:
    leads = [known.leads[pk] for pk in sorted(known.before)]
    names = sorted({name for before in known.before.values() for name in before})
    update_rows(leads, names)
    for lead in leads:
        before = known.before[lead.pk]
        after = {name: getattr(lead, name) for name in before}
        yield Change("leads.lead", lead.pk, before, after)


def _tell_fields(known: KnownLeads, *, by: User | None, at: datetime) -> None:
    entry = ledger.current()
    told = [(pk, new) for _, pk, new in known.told_of]
    AttributeChange.objects.bulk_create(
        [
            AttributeChange(
                entry_id=entry.pk,
                subject="lead",
                subject_id=pk,
                field=name.removesuffix("_id"),
                value=str(new[name]),
                occurred_at=at,
                recorded_at=at,
            )
            for pk, new in told
            for name in sorted(_RECORDED & new.keys())
        ],
        batch_size=10_000,
    )
    entry.record_many(
        "leads.lead.changed",
        (
            (("leads.lead", pk), {"fields": ",".join(sorted(_shown(new)))})
            for pk, new in told
        ),
    )
    by_field: dict[str, set[int]] = defaultdict(set)
    for pk, new in told:
        for name in _shown(new):
            by_field[name].add(pk)
    for name, ids in sorted(by_field.items()):
        signals.leads_changed.send(
            Lead, lead_ids=sorted(ids), fields=[name], by=by, at=at, live=known.live
        )


def _shown(new: dict[str, Any]) -> set[str]:
    return new.keys() - {"email_folded"}
