from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import (
    display_for_field,
    display_for_value,
    label_for_field,
    lookup_field,
)
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Permission
from foundation.accounts.panel.acts import Act, Text, run
from foundation.accounts.rules import has_permission

EMPTY = "\N{EN DASH}"
READS = ["GET", "HEAD"]
_COUNTED = 10_000


_YES, _NO = _("Yes"), _("No")
_ORDERS = {True: "ascending", False: "descending"}


@dataclass(frozen=True)
class Cell:
    label: str
    value: object
    url: str = ""


class Capped(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody pages, so a list of millions opens at once."""

    @cached_property
    @override
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)  # noqa: S101 -- the admin's own
        return rows.order_by()[: _COUNTED + 1].count()

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > _COUNTED


class ReadOnlyPage[M: Model](ModelAdmin):  # type: ignore[type-arg]
    """The list and the record of one model, for holders of ``permission``.

    ``list_display``, ``list_filter``, ``search_fields`` and ``ordering`` are Django's.
    ``heading`` and ``about`` say what the page is for, ``labels`` name the fields.
    ``detail`` lists the fields of the record's page; ``acts`` belong to a record,
    ``list_acts`` to the list.
    """

    permission: ClassVar[Permission] = Permission.LEADERSHIP_VIEW
    heading: ClassVar[Text]
    about: ClassVar[Text] = ""
    labels: ClassVar[Mapping[str, Text]] = {}
    detail: ClassVar[tuple[str, ...]] = ()
    acts: ClassVar[tuple[Act[Any], ...]] = ()
    list_acts: ClassVar[tuple[Act[Any], ...]] = ()
    list_template: ClassVar[str] = "admin/list.html"
    record_template: ClassVar[str] = "admin/record.html"
    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    paginator = Capped
    empty_value_display = EMPTY

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.permission)

    @override
    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return self.may(request, self.permission)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    @override
    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def may(self, request: HttpRequest, permission: Permission) -> bool:
        """Tell whether the person asking holds ``permission``."""
        return has_permission(request.user, permission)

    @override
    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            self._address("", self.show_list, f"{name}_changelist"),
            *(
                self._address(
                    f"do/{act.name}/", self._doing(act), f"{name}_do_{act.name}"
                )
                for act in self.list_acts
            ),
            self._address("<int:pk>/", self.show_record, f"{name}_change"),
            *(
                self._address(
                    f"<int:pk>/do/{act.name}/",
                    self._doing(act),
                    f"{name}_do_{act.name}",
                )
                for act in self.acts
            ),
        ]

    def _address(
        self, route: str, view: Callable[..., HttpResponse], name: str
    ) -> URLPattern:
        """Guard a view: nothing is there for outsiders, and 403 for the others."""
        permission = getattr(view, "required_permission", self.permission)

        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
            if not self.may(request, permission):
                raise PermissionDenied
            return view(request, **kwargs)

        wrapped = self.admin_site.admin_view(guarded)
        wrapped.required_permission = permission  # type: ignore[attr-defined]
        return path(route, wrapped, name=name)

    def show_list(self, request: HttpRequest) -> HttpResponse:
        """Answer the list, as the address filters and orders it."""
        if request.method not in READS:
            return HttpResponseNotAllowed(READS)
        response = self.changelist_view(request, self.list_context(request))
        if isinstance(response, TemplateResponse):
            self._dress(request, response)
        return response

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the list's page shows beside the list."""
        acts = self._offered(request, None)
        return {"title": self.heading, "about": self.about, "acts": acts}

    def _dress(self, request: HttpRequest, response: TemplateResponse) -> None:
        response.template_name = self.list_template
        cl = (response.context_data or {})["cl"]
        assert isinstance(cl, ChangeList)  # noqa: S101 -- Django's own
        shown = [name for name in cl.list_display if name != "action_checkbox"]
        response.context_data |= {  # type: ignore[operator]
            "heads": self._heads(cl, shown),
            "narrowed": bool(cl.query or cl.get_filters_params()),
            "earlier_url": _page(cl, cl.page_num - 1),
            "later_url": _page(cl, cl.page_num + 1),
            "rows": [
                self.cells(row, shown, url=cl.url_for_result(row))
                for row in cl.result_list
            ],
            "more": getattr(cl.paginator, "more", False),
        }

    def _heads(self, cl: ChangeList, shown: list[Any]) -> list[dict[str, Any]]:
        """Return the columns' words, with the address that orders by each."""
        return [
            {
                "label": self._label(name),
                "url": head.get("url_primary", ""),
                "sorted": _ORDERS[bool(head.get("ascending"))]
                if head.get("sorted")
                else "",
            }
            for name, head in zip(shown, result_headers(cl), strict=True)
        ]

    def show_record(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer one record's page."""
        if request.method not in READS:
            return HttpResponseNotAllowed(READS)
        record = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": self.name_of(record),
            "page": self,
            "list_url": self._back(None),
            "record": record,
            "cells": self.cells(record, self.detail or self.list_display),
            "acts": self._offered(request, record),
            **self.record_context(request, record),
        }
        return TemplateResponse(request, self.record_template, context)

    def name_of(self, record: M) -> str:
        """Return what people call the record."""
        return str(record)

    def record_context(self, request: HttpRequest, record: M) -> dict[str, Any]:
        """Return what a record's page shows beside its fields."""
        return {}

    def cells(self, record: Any, names: Any, *, url: str = "") -> list[Cell]:  # noqa: ANN401 -- Django's own types
        """Return the record's fields as they are shown, the first as the link."""
        return [
            Cell(self._label(name), self._value(record, name), "" if index else url)
            for index, name in enumerate(names)
        ]

    def _label(self, name: Any) -> str:  # noqa: ANN401 -- a name or a callable
        if name in self.labels:
            return str(self.labels[name])
        return str(label_for_field(name, self.model, model_admin=self))

    def _value(self, record: Model, name: Any) -> object:  # noqa: ANN401 -- as above
        field, _attr, value = lookup_field(name, record, self)
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(field, Field):
            if field.many_to_one:
                return getattr(record, field.name) or EMPTY
            return display_for_field(value, field, EMPTY)
        return display_for_value(value, EMPTY)

    def _offered(self, request: HttpRequest, record: M | None) -> list[Act[Any]]:
        acts = self.list_acts if record is None else self.acts
        return [
            act
            for act in acts
            if self.may(request, act.permission)
            and (record is None or act.when(record))
        ]

    def _doing(self, act: Act[Any]) -> Callable[..., HttpResponse]:
        def do(request: HttpRequest, pk: int | None = None) -> HttpResponse:
            return self._do(request, act, pk)

        do.required_permission = act.permission  # type: ignore[attr-defined]
        return do

    def _do(self, request: HttpRequest, act: Act[Any], pk: int | None) -> HttpResponse:
        if request.method not in {*READS, "POST"}:
            return HttpResponseNotAllowed([*READS, "POST"])
        rows = self.get_queryset(request)
        record = None if pk is None else get_object_or_404(rows, pk=pk)
        form = act.form(
            request.POST if request.method == "POST" else None,
            initial=dict(act.start(record)),
        )
        if (
            request.method == "POST"
            and form.is_valid()
            and run(request, act, record, form)
        ):
            return redirect(self._back(record))
        return self._ask(request, act, record, form)

    def _ask(
        self,
        request: HttpRequest,
        act: Act[Any],
        record: M | None,
        form: forms.Form,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(act.label),
            "page": self,
            "list_url": self._back(None),
            "record": record,
            "named": "" if record is None else self.name_of(record),
            "act": act,
            "form": form,
            "back": self._back(record),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/act.html", context, status=status)

    def _back(self, record: Model | None) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        if record is None:
            return reverse(f"{name}_changelist")
        return reverse(f"{name}_change", args=[record.pk])


def _page(cl: ChangeList, number: int) -> str:
    """Return the address of another page of the list; empty if there is none."""
    if not 1 <= number <= cl.paginator.num_pages:
        return ""
    return str(cl.get_query_string({PAGE_VAR: number}))
