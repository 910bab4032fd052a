"""Filters of the panel's lists, as fields of one form above the list."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, override
from zoneinfo import ZoneInfo

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from foundation.accounts.panel.acts import Text
from foundation.accounts.queries import workspace
from foundation.kernel.periods import DAY, start_of


class Typed(SimpleListFilter):
    """Text somebody types: ``title``, ``parameter_name`` and ``lookup`` say of what."""

    kind: ClassVar[str] = "text"
    lookup: ClassVar[str] = ""
    title: Text

    @override
    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, Text]]:
        return [("", "")]

    @override
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        return iter(())

    @property
    def sent(self) -> str:
        """What the address holds, for the form to show again."""
        return str(self.value() or "").strip()

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrow(queryset, self.sent) if self.sent else queryset

    def narrow(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the rows that match the text."""
        return rows.filter(**{self.lookup: text})


class Choice(Typed):
    """One of a few values; `options` gives them with their words."""

    kind = "choice"

    def options(self) -> list[tuple[str, Text]]:
        """Return the values to choose from; a value beyond them matches nothing."""
        raise NotImplementedError

    @override
    def lookups(
        self, request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, Text]]:
        return self.options()

    @override
    def narrow(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        known = {str(value) for value, _ in self.lookup_choices}
        return super().narrow(rows, text) if text in known else rows.none()


class Day(Typed):
    """A day in the workspace's time zone, of the moment named by ``lookup``."""

    kind = "date"

    @override
    def narrow(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return rows.none()
        zone = ZoneInfo(workspace.current().time_zone)
        begin, end = start_of(day, zone), start_of(day + DAY, zone)
        return rows.filter(**{f"{self.lookup}__gte": begin, f"{self.lookup}__lt": end})
