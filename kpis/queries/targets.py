from collections.abc import Collection
from decimal import Decimal

from foundation.kernel.periods import Period
from kpis.models import Target


def of(
    keys: Collection[str], period: Period, *, as_of: int | None = None
) -> dict[str, Decimal]:
    """Return the targets of KPIs in a period, as the heads set them.

    One for this very period counts before one for every period; the last that was set
    counts. KPIs without a target are left out.

    Args:
        keys: of the KPIs.
        period: whose label the target was set for.
        as_of: a ledger position; None for now.
    """
    rows = Target.objects.filter(key__in=keys, period__in=["", period.label])
    if as_of is not None:
        rows = rows.filter(entry__position__lte=as_of)
    last = {(row.key, row.period): row.value for row in rows.order_by("pk")}
    found = {}
    for key in keys:
        value = last.get((key, period.label)) if period.label else None
        value = last.get((key, "")) if value is None else value
        if value is not None:
            found[key] = value
    return found
