from django.utils.translation import gettext_lazy as _

from deals.enums import RevenueKind
from kpis.domain.registry import Kpi, register
from kpis.enums import Direction, Section, Unit
from kpis.queries.methods import revenue

register(
    Kpi(
        key="revenue",
        name=_("Revenue"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_(
            "Sum over the days that have come of the running monthly amounts ÷ the "
            "days of the month, and what was paid once."
        ),
        inputs=("revenue",),
        method=revenue.revenue(),
        section=Section.RESULT,
    ),
    Kpi(
        key="retention",
        name=_("Customers kept"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "Customers active at the start and still at the end ÷ active at the start."
        ),
        inputs=("revenue",),
        method=revenue.retention(),
        section=Section.RESULT,
    ),
    Kpi(
        key="churn",
        name=_("Customers lost"),
        unit=Unit.RATIO,
        direction=Direction.DOWN,
        formula=_("1 − customers kept."),  # noqa: RUF001 -- a minus sign
        inputs=("revenue",),
        method=revenue.churn(),
        section=Section.RESULT,
    ),
    Kpi(
        key="nrr",
        name=_("Net revenue retention"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "(Monthly revenue at the start − reductions − churn + expansion) ÷ monthly "  # noqa: RUF001 -- a minus sign
            "revenue at the start, of the customers active at the start."
        ),
        inputs=("revenue",),
        method=revenue.nrr(),
        section=Section.RESULT,
    ),
    Kpi(
        key="grr",
        name=_("Gross revenue retention"),
        unit=Unit.RATIO,
        direction=Direction.UP,
        formula=_(
            "(Monthly revenue at the start − reductions − churn) ÷ monthly revenue at "  # noqa: RUF001 -- a minus sign
            "the start, of the customers active at the start."
        ),
        inputs=("revenue",),
        method=revenue.grr(),
        section=Section.RESULT,
    ),
    Kpi(
        key="revenue_new",
        name=_("New monthly revenue"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Monthly amounts of new business that begin in the period."),
        inputs=("revenue",),
        method=revenue.revenue_of([RevenueKind.NEW]),
        section=Section.RESULT,
    ),
    Kpi(
        key="revenue_expansion",
        name=_("Expanded monthly revenue"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Monthly amounts that customers expanded by in the period."),
        inputs=("revenue",),
        method=revenue.revenue_of([RevenueKind.EXPANSION]),
        section=Section.RESULT,
    ),
    Kpi(
        key="revenue_lost",
        name=_("Lost monthly revenue"),
        unit=Unit.MONEY,
        direction=Direction.DOWN,
        formula=_("Monthly amounts that customers reduced or ended in the period."),
        inputs=("revenue",),
        method=revenue.revenue_of([RevenueKind.CONTRACTION, RevenueKind.CHURN]),
        section=Section.RESULT,
    ),
    Kpi(
        key="average_customer_value",
        name=_("Average customer value"),
        unit=Unit.MONEY,
        direction=Direction.UP,
        formula=_("Revenue ÷ customers who paid anything in the period."),
        inputs=("revenue",),
        method=revenue.average_customer_value(),
        section=Section.RESULT,
    ),
)
