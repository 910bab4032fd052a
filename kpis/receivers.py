"""What touches a day of the daily facts. Only marks are written here."""

from collections.abc import Collection, Sequence
from typing import Any

from django.dispatch import receiver

from kpis.actions import marks
from leads.domain.sets import Rows
from leads.models import StageChange
from leads.signals import leads_changed, stages_changed, stages_corrected


@receiver(stages_changed)
@receiver(stages_corrected)
def on_stages(rows: Rows, changes: Sequence[StageChange] = (), **_: Any) -> None:  # noqa: ANN401 -- whatever else is sent
    if changes:
        marks.touch_moments(change.occurred_at for change in changes)
    else:
        marks.touch_rows(rows)


@receiver(leads_changed)
def on_leads(lead_ids: Collection[int], fields: Collection[str], **_: Any) -> None:  # noqa: ANN401
    if "exclusion" in fields:
        marks.touch_leads(lead_ids)
