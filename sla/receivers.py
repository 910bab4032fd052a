"""Clocks follow what happens to leads, in the transaction in which it happens.

Who changes stages or values of a lead holds its row locked (`leads` does, and so does
whoever loads files); touches are logged without, so the leads they bear on are locked
here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from foundation.documents.models import Version
from foundation.documents.signals import signed
from foundation.kernel import clock
from leads import signals
from leads.domain.sets import Rows
from leads.models import StageChange
from sla.actions import agreements, assessing, defaults
from sla.queries import facts
from sla.queries.agreement import DOCUMENT

_MATTERS = {"owner_id", "do_not_contact", "exclusion"}


@receiver(signals.stages_changed)
def judge_rounds(
    *,
    rows: Rows,
    at: datetime,
    changes: Sequence[StageChange] = (),
    **_: Any,  # noqa: ANN401 -- Django's receiver protocol
) -> None:
    """Start, meet, cancel and mend the clocks of the rounds in which changes fall."""
    assessing.assess_rounds(rows, at=at, changes=changes)


@receiver(signals.stages_corrected)
def judge_anew(*, lead_ids: Collection[int], at: datetime, **_: Any) -> None:  # noqa: ANN401
    """Judge all clocks of leads anew after something known proved wrong."""
    assessing.assess(facts.of_leads(lead_ids), at=at)


@receiver(signals.leads_changed)
def follow_leads(
    *,
    lead_ids: Collection[int],
    fields: Collection[str],
    at: datetime,
    **_: Any,  # noqa: ANN401
) -> None:
    """Hand clocks over to new owners; cancel or revive them when a lead is left out."""
    if _MATTERS.intersection(fields):
        assessing.assess(facts.of_clocks(lead_ids), at=at)


@receiver([signals.touches_logged, signals.touches_withdrawn])
def answer(*, rows: Rows, at: datetime, **_: Any) -> None:  # noqa: ANN401
    """Judge the clocks of leads that sales contacted, or did not after all."""
    lead_ids = assessing.lock_touched(rows)
    if lead_ids:
        assessing.assess(facts.of_clocks(lead_ids), at=at)


@receiver(signed)
def follow_signatures(*, version: Version, at: datetime, **_: Any) -> None:  # noqa: ANN401
    """Let an agreement that both have signed be what clocks are counted by."""
    if version.kind == DOCUMENT:
        agreements.put_in_force(version, at=at)


def fill_new_workspace(**_: Any) -> None:  # noqa: ANN401 -- Django's receiver protocol
    """Give a new workspace its first hours and agreement once the tables are there."""
    defaults.add_defaults(at=clock.now())
