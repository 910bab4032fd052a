from django.utils.translation import gettext_lazy as _

from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Unit
from kpis.queries.methods import deals

register(
    Kpi(
        key="win_rate",
        name=_("Win rate"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_("Won ÷ (won + lost) of the deals closed in the period."),
        inputs=("deals",),
        method=deals.win_rate(),
    ),
    Kpi(
        key="average_deal",
        name=_("Average deal"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Won value ÷ won deals with a value, closed in the period."),
        inputs=("deals",),
        method=deals.average_deal(),
    ),
    Kpi(
        key="pipeline_created",
        name=_("Pipeline created"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Value, while open, of the deals opened in the period."),
        inputs=("deals",),
        method=deals.pipeline_created(),
    ),
    Kpi(
        key="pipeline_open",
        name=_("Open pipeline"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Value of the deals that were open as the period ended."),
        inputs=("deals",),
        method=deals.pipeline_open(),
    ),
)
