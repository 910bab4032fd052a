"""The workspace's settings, on one page."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import workspace as actions
from foundation.accounts.enums import Permission
from foundation.accounts.forms import NATIVE_NAMES, Suggesting, language_choices
from foundation.accounts.models import User, Workspace
from foundation.accounts.panel import Act, ReadOnlyPage
from foundation.accounts.panel.pages import READS
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.places import CURRENCIES, countries, country_name, time_zones

FIELDS = tuple(actions.names())


def _currencies() -> frozenset[str]:
    return CURRENCIES


class SettingsForm(forms.Form):
    """Every setting as text, as the action reads it."""

    name = forms.CharField(label=_("Company"), max_length=120, required=False)
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=Suggesting(time_zones),
        help_text=_("Days, weeks and months are cut in it."),
    )
    base_currency = forms.CharField(
        label=_("Currency"), max_length=3, widget=Suggesting(_currencies)
    )
    fiscal_year_start = forms.ChoiceField(
        label=_("The fiscal year begins in month"),
        choices=[(str(month), name) for month, name in MONTHS.items()],
    )
    gross_margin = forms.CharField(
        label=_("Gross margin"),
        help_text=_("A share from 0 to 1, such as 0.8."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    language = forms.ChoiceField(label=_("Usual language"), choices=language_choices)
    languages = forms.MultipleChoiceField(
        label=_("Languages offered"),
        choices=list(NATIVE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.CharField(
        label=_("Country"), max_length=2, widget=Suggesting(countries, country_name)
    )
    path_window_days = forms.CharField(
        label=_("Window of the whole path, in days"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    step_window_days = forms.CharField(
        label=_("Window of a single step, in days"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    persons_visible_to_heads = forms.BooleanField(
        label=_("Heads see numbers split by person"), required=False
    )


def configure(by: User, _row: Workspace, sent: Mapping[str, Any]) -> None:
    words = {**sent, "languages": ",".join(sent["languages"])}
    texts = {name: str(value) for name, value in words.items()}
    texts["gross_margin"] = texts["gross_margin"].replace(",", ".")
    actions.configure(texts, by=by, at=clock.now())


def _present(_row: object) -> Mapping[str, Any]:
    row = workspace.current()
    present = {name: getattr(row, name) for name in FIELDS}
    return present | {"gross_margin": _share(row)}


def _share(row: Workspace) -> str:
    return number_format(row.gross_margin.normalize())


_SHOWN = {
    "country": "at_home_in",
    "fiscal_year_start": "first_month",
    "gross_margin": "margin",
    "language": "spoken",
    "languages": "offered",
}


@admin.register(Workspace)
class WorkspacePage(ReadOnlyPage[Workspace]):
    """One row, whether or not anybody has stored it yet."""

    heading = _("Settings")
    labels = {
        name: field.label or name for name, field in SettingsForm.base_fields.items()
    }
    about = _("What everybody's numbers depend on.")
    detail = tuple(_SHOWN.get(name, name) for name in FIELDS)
    list_acts = (
        Act[Workspace](
            "change",
            _("Change the settings"),
            Permission.SETTINGS_EDIT,
            configure,
            SettingsForm,
            _("Numbers that depend on them are worked out anew."),
            start=_present,
        ),
    )

    @admin.display(description=_("The fiscal year begins in month"))
    def first_month(self, row: Workspace) -> str:
        return str(capfirst(MONTHS[row.fiscal_year_start]))

    @admin.display(description=_("Country"))
    def at_home_in(self, row: Workspace) -> str:
        return country_name(row.country)

    @admin.display(description=_("Gross margin"))
    def margin(self, row: Workspace) -> str:
        return _share(row)

    @admin.display(description=_("Usual language"))
    def spoken(self, row: Workspace) -> str:
        return NATIVE_NAMES[row.language]

    @admin.display(description=_("Languages offered"))
    def offered(self, row: Workspace) -> str:
        return ", ".join(NATIVE_NAMES[code] for code in row.languages)

    @override
    def get_urls(self) -> list[URLPattern]:
        return [each for each in super().get_urls() if "pk" not in str(each.pattern)]

    @override
    def show_list(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return HttpResponseNotAllowed(READS)
        context = {
            **self.admin_site.each_context(request),
            **self.list_context(request),
            "cells": self.cells(workspace.current(), self.detail),
        }
        return TemplateResponse(request, self.record_template, context)
