from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Section, Unit
from kpis.queries.methods import costs
from leads.enums import Stage

_NAMES = {
    "lead": _("Cost per lead"),
    "mql": _("Cost per MQL"),
    "customer": _("Cost per customer"),
}

register(
    Kpi(
        key="spend",
        name=_("Spend"),
        unit=Unit.MONEY,
        direction=Direction.NEITHER,
        formula=_("What was spent on campaigns in the period."),
        inputs=("spend",),
        method=costs.spend(),
        section=Section.COST,
    ),
    *(
        Kpi(
            key=f"cost_per_{stage}",
            name=name,
            unit=Unit.MONEY,
            direction=Direction.DOWN,
            formula=format_lazy(
                _("Spend ÷ first entries into {stage}, both of the period."),
                stage=Stage(stage).label,
            ),
            inputs=("spend", "stage_changes"),
            method=costs.cost_per(stage),
            section=Section.COST,
        )
        for stage, name in _NAMES.items()
    ),
)
