"""Campaigns that rows of a file refer to, and files of campaigns."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from campaigns.actions import campaigns
from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.ledger import actions as ledger


class Campaigns:
    """The campaigns that a column means, by name or by identifier in its system."""

    def __init__(
        self, systems: Sequence[str | None], labels: Sequence[str | None]
    ) -> None:
        pairs = list(zip(systems, labels, strict=True))
        distinct = dict.fromkeys(pair for pair in pairs if pair[1])
        found = _by_label(distinct)
        unknown = sorted(
            {label or "" for pair in distinct - found.keys() for label in pair[1:]}
        )
        self._labels = {-place: label for place, label in enumerate(unknown, 1)}
        numbers = {label: number for number, label in self._labels.items()}
        self.column = [
            None if pair[1] is None else found.get(pair) or numbers[pair[1]]
            for pair in pairs
        ]
        self._made: dict[int, int] = {}

    def make(self, numbers: Iterable[int], *, by: User | None, at: datetime) -> None:
        """Make the campaigns of these numbers, or count withdrawn ones again."""
        wanted = set(numbers)
        labels = {self._labels[n]: n for n in wanted if n in self._labels}
        if labels:
            made = campaigns.named(set(labels), by=by, at=at)
            self._made |= {labels[label]: pk for label, pk in made.items()}
        reinstate([n for n in wanted if n > 0], by=by, at=at)

    def real(self, number: int | None) -> int | None:
        """Return the id for a number."""
        return number if number is None or number > 0 else self._made[number]


def _by_label(
    pairs: Iterable[tuple[str | None, str | None]],
) -> dict[tuple[str | None, str | None], int]:
    wanted = list(pairs)
    if not wanted:
        return {}
    labels = {label for _, label in wanted if label}
    rows = Campaign.objects.filter(
        Q(name__in=labels) | Q(external_id__in=labels)
    ).values_list("pk", "name", "external_system", "external_id")
    names = {name: pk for pk, name, _, _ in rows}
    ids = {(system, external): pk for pk, _, system, external in rows if external}
    return {
        (system, label): pk
        for system, label in wanted
        if (pk := ids.get((system or "", label or "")) or names.get(label or ""))
    }


def reinstate(ids: Sequence[int], *, by: User | None, at: datetime) -> list[int]:
    """Count campaigns again that were withdrawn with their load; return which."""
    withdrawn = Campaign.objects.filter(pk__in=ids, withdrawn_at__isnull=False)
    found = sorted(withdrawn.values_list("pk", flat=True)) if ids else []
    if found:
        with ledger.entry(by=by, at=at, cause="campaigns") as entry:
            Campaign.objects.filter(pk__in=found).update(withdrawn_at=None)
            entry.record_many(
                "campaigns.campaign.created",
                ((("campaigns.campaign", pk), {}) for pk in found),
            )
    return found
