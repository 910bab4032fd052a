from itertools import combinations, pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Unit
from kpis.queries.methods.paths import conversion, volume
from leads.domain.path import ORDER
from leads.enums import Stage

VOLUMES = {
    "leads": Stage.LEAD,
    "mqls": Stage.MQL,
    "sals": Stage.SAL,
    "sqls": Stage.SQL,
    "opportunities": Stage.OPPORTUNITY,
    "customers_won": Stage.CUSTOMER,
}
_NAMES = {
    "leads": _("New leads"),
    "mqls": _("New MQLs"),
    "sals": _("New SALs"),
    "sqls": _("New SQLs"),
    "opportunities": _("New opportunities"),
    "customers_won": _("Customers won"),
}
STEPS = [f"{before}_to_{after}" for before, after in pairwise(ORDER)]
"""The keys of the conversions from one stage to the next, in order."""

register(
    *(
        Kpi(
            key=key,
            name=_NAMES[key],
            unit=Unit.COUNT,
            direction=Direction.UP,
            formula=format_lazy(
                _("Leads that first entered the stage {stage} in the period."),
                stage=stage.label,
            ),
            inputs=("stage_changes",),
            method=volume(stage),
        )
        for key, stage in VOLUMES.items()
    )
)

register(
    *(
        Kpi(
            key=f"{before}_to_{after}",
            name=format_lazy(
                _("{before} to {after}"),
                before=Stage(before).label,
                after=Stage(after).label,
            ),
            unit=Unit.RATIO,
            direction=Direction.UP,
            formula=format_lazy(
                _(
                    "Cohort: of the leads that first entered {before} in the period, "
                    "the share that reached {after} in time. Period: entries into "
                    "{after} ÷ entries into {before}. Attempt: as cohort, with rounds "
                    "in place of leads."
                ),
                before=Stage(before).label,
                after=Stage(after).label,
            ),
            inputs=("stage_changes",),
            method=conversion(before, after),
        )
        for before, after in combinations(ORDER, 2)
    )
)
