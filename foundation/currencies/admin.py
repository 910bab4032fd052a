from typing import override

from django.contrib import admin
from django.utils.formats import date_format, number_format
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
    }
    list_display = ("day", "reference", "currency", "cost")
    list_filter = (ByCurrency,)
    ordering = ("-day", "currency")

    @admin.display(description=_("Rate"), ordering="rate")
    def cost(self, row: ExchangeRate) -> str:
        return number_format(row.rate.normalize())

    @override
    def name_of(self, record: ExchangeRate) -> str:
        price = f"1 {record.reference} = {self.cost(record)} {record.currency}"
        return f"{price}, {date_format(record.day)}"
