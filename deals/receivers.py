"""What is converted stays as it was, so its currency has to stay as well."""

from typing import Any

from django.db.models import Model
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from campaigns.models import SpendEntry
from deals.models import Deal, DealChange, RevenueEntry
from foundation.accounts.signals import workspace_changed
from foundation.kernel.errors import DomainError

_CONVERTED: tuple[type[Model], ...] = (Deal, DealChange, RevenueEntry, SpendEntry)


class CurrencyInUse(DomainError):
    """Amounts have been converted to the base currency already."""

    code = "currency_in_use"


@receiver(workspace_changed)
def keep_currency(*, changed: frozenset[str], **_others: Any) -> None:  # noqa: ANN401 -- Django's receiver protocol
    """Refuse another base currency once sums exist in the present one."""
    if "base_currency" in changed and any(map(_has_amounts, _CONVERTED)):
        message = _("Amounts are recorded in the base currency, so it has to stay.")
        raise CurrencyInUse(message, field="base_currency")


def _has_amounts(model: type[Model]) -> bool:
    rows = model._default_manager.filter(base_amount__isnull=False)
    return rows.exists()
