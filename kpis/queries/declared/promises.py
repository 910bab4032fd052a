from django.utils.translation import gettext_lazy as _

from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Section, Unit
from kpis.queries.methods import promises

register(
    Kpi(
        key="sla_sales",
        name=_("Promises of sales"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "Cases in time ÷ cases that ended, by when they were done or their time "
            "ran out; agreed exceptions and what was told as history are left out and "
            "shown apart."
        ),
        inputs=("clocks",),
        method=promises.sales(),
        section=Section.PROMISES,
    ),
    Kpi(
        key="sla_marketing",
        name=_("Promises of marketing"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "Quality: MQLs that sales accepted ÷ MQLs that sales accepted or refused, "
            "by date of MQL; beside it what was not decided, or not by the criteria."
        ),
        inputs=("stage_changes",),
        method=promises.acceptance(
            "by_silence", "undecided", "by_hand", "although_met"
        ),
        section=Section.PROMISES,
    ),
    Kpi(
        key="speed_to_lead",
        name=_("Speed to lead"),
        unit=Unit.BUSINESS_MINUTES,
        direction=Direction.DOWN,
        formula=_(
            "Median and 90th percentile of the business minutes from MQL to the first "
            "human contact by us, of the MQLs of the period that were contacted; "
            "history counts, and agreed exceptions do not."
        ),
        inputs=("clocks",),
        method=promises.speed_to_lead(),
        section=Section.PROMISES,
    ),
    Kpi(
        key="mql_acceptance",
        name=_("MQLs accepted"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "Explicit accepts ÷ (explicit accepts + refusals), by the date of MQL; "
            "accepted by silence is shown apart."
        ),
        inputs=("stage_changes",),
        method=promises.acceptance("refused", "by_silence", "undecided"),
        section=Section.PROMISES,
    ),
)
