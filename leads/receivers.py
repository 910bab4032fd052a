"""Leads are judged when something about them becomes other than it was."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from foundation.documents.models import Version
from foundation.documents.signals import proposing, signed
from foundation.jobs.actions import jobs
from leads import signals
from leads.actions import definitions, qualifying
from leads.domain.sets import Rows
from leads.enums import Stage
from leads.queries.definitions import KINDS, STAGES


@receiver(signals.stages_changed)
def judge_new(*, rows: Rows, at: datetime, **_: Any) -> None:  # noqa: ANN401 -- Django's receiver protocol
    qualifying.consider_new(rows, at=at)


@receiver([signals.touches_logged, signals.touches_withdrawn])
def judge_touched(*, rows: Rows, at: datetime, **_: Any) -> None:  # noqa: ANN401
    qualifying.consider_touched(rows, at=at)


@receiver(signals.leads_changed)
def judge_changed(
    *,
    lead_ids: Sequence[int],
    at: datetime,
    live: bool = True,
    **_: Any,  # noqa: ANN401
) -> None:
    if live:
        qualifying.consider(lead_ids, at=at)


@receiver(signals.companies_changed)
def judge_people(*, company_ids: Collection[int], at: datetime, **_: Any) -> None:  # noqa: ANN401
    qualifying.consider_companies(company_ids, at=at)


@receiver(proposing)
def refuse_unfinished(*, version: Version, **_: Any) -> None:  # noqa: ANN401
    """Only a definition that can run is put before both functions."""
    if version.kind in STAGES:
        definitions.text_of(definitions.written(version))


@receiver(signed)
def judge_everybody(*, version: Version, **_: Any) -> None:  # noqa: ANN401
    """When another MQL definition begins to hold, look at every lead once."""
    if version.kind == KINDS[Stage.MQL] and version.in_force_at is not None:
        jobs.enqueue("leads.judge_all", at=version.in_force_at)
