from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger
from kpis.domain.registry import REGISTRY
from kpis.models import Target


class NoSuchKpi(Invalid):
    """A target is for a KPI of the registry."""

    code = "unknown_kpi"


def set_target(
    key: str,
    value: Decimal | None,
    *,
    period: str = "",
    by: User | None,
    at: datetime,
) -> bool:
    """Set what a KPI should be in a period; None takes the target back.

    Args:
        key: of a registered KPI.
        value: in the KPI's unit (a ratio from 0, money in the base currency).
        period: its label, e.g. ``2026-Q1``; empty for every period without its own.
        by: who sets it.
        at: now.

    Returns:
        Whether it became another one; setting it again changes nothing.

    Raises:
        NoSuchKpi: there is no KPI with this key.
    """
    if key not in REGISTRY:
        raise NoSuchKpi(_("There is no such KPI."), field="key")
    with ledger.entry(by=by, at=at, cause="targets") as entry:
        last = Target.objects.filter(key=key, period=period).order_by("-pk").first()
        if (last.value if last else None) == value:
            return False
        row = Target.objects.create(
            key=key, period=period, value=value, set_by=by, set_at=at, entry_id=entry.pk
        )
        entry.record(
            "kpis.target.set",
            subject=("kpis.target", row.pk),
            data={"key": key, "period": period, "value": _text(value)},
        )
    return True


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
