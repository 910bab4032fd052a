from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Unit
from kpis.queries.methods.deals import time_to_close
from kpis.queries.methods.passages import lead_to_customer_days, stage_wait
from leads.domain.path import ORDER
from leads.enums import Stage

register(
    Kpi(
        key="lead_to_customer_days",
        name=_("Days from lead to customer"),
        unit=Unit.DAYS,
        direction=Direction.DOWN,
        formula=_(
            "Median and 90th percentile of the days from a lead's creation to its "
            "first won deal, of the leads that became customers in the period."
        ),
        inputs=("stage_changes",),
        method=lead_to_customer_days(),
    ),
    Kpi(
        key="time_to_close",
        name=_("Days to close"),
        unit=Unit.DAYS,
        direction=Direction.DOWN,
        formula=_(
            "Median and 90th percentile of the days from opening to winning, of the "
            "deals won in the period; deals of which only the end is known do not "
            "count."
        ),
        inputs=("deals",),
        method=time_to_close(),
    ),
    Kpi(
        key="stage_wait",
        name=_("Days in a stage"),
        unit=Unit.DAYS,
        direction=Direction.DOWN,
        formula=_(
            "Median and 90th percentile of the days leads stayed in a stage, of the "
            "stays that ended in the period; beside it the age of those that last."
        ),
        inputs=("stage_changes",),
        method=stage_wait(),
    ),
    *(
        Kpi(
            key=f"{stage}_wait",
            name=format_lazy(_("Days as {stage}"), stage=Stage(stage).label),
            unit=Unit.DAYS,
            direction=Direction.DOWN,
            formula=format_lazy(
                _(
                    "Median and 90th percentile of the days leads stayed {stage}, of "
                    "the stays that ended in the period; beside it the age of those "
                    "that last."
                ),
                stage=Stage(stage).label,
            ),
            inputs=("stage_changes",),
            method=stage_wait(stage),
        )
        for stage in ORDER[:-1]
    ),
)
