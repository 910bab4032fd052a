from typing import override

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from foundation.accounts.panel import Choice, ReadOnlyPage
from foundation.accounts.panel.acts import Text
from foundation.currencies.models import ExchangeRate


class ByCurrency(Choice):
    title = _("Currency")
    parameter_name = "currency"
    lookup = "currency"

    @override
    def options(self) -> list[tuple[str, Text]]:
        codes = ExchangeRate.objects.values_list("currency", flat=True)
        return [(code, code) for code in codes.order_by("currency").distinct()]


@admin.register(ExchangeRate)
class ExchangeRatePage(ReadOnlyPage[ExchangeRate]):
    heading = _("Exchange rates")
    about = _("What one unit of the reference cost on a day, as published.")
    labels = {
        "day": _("Day"),
        "reference": _("Reference"),
        "currency": _("Currency"),
        "rate": _("Rate"),
    }
    list_display = ("day", "reference", "currency", "rate")
    list_filter = (ByCurrency,)
    ordering = ("-day", "currency")
