"""The ledger, to read: what happened, entry by entry and event by event."""

from typing import Any, override

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.panel import Choice, Day, ReadOnlyPage, Typed
from foundation.accounts.panel.acts import Text
from foundation.accounts.panel.pages import EMPTY
from foundation.ledger.models import Entry, Event

_EVENTS_SHOWN = 200
_BY_PRODUCT = "none"


class ByCause(Typed):
    title = _("Cause begins with")
    parameter_name = "cause"
    lookup = "cause__startswith"


class ByKind(Typed):
    title = _("Kind begins with")
    parameter_name = "kind"
    lookup = "kind__startswith"

    @override
    def narrow(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        if rows.model is Event:
            return super().narrow(rows, text)
        events = Event.objects.filter(entry=OuterRef("pk"), kind__startswith=text)
        return rows.filter(Exists(events))


class ByActor(Choice):
    title = _("By")
    parameter_name = "actor"
    lookup = "actor_id"

    @override
    def options(self) -> list[tuple[str, Text]]:
        people = User.objects.order_by("name", "pk").values_list("pk", "name")
        return [
            (_BY_PRODUCT, _("The product itself")),
            *((str(pk), name) for pk, name in people),
        ]

    @override
    def narrow(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        if text == _BY_PRODUCT:
            return rows.filter(**{f"{self.lookup}__isnull": True})
        return super().narrow(rows, text)


class OnDay(Day):
    title = _("Day")
    parameter_name = "day"
    lookup = "written_at"


class EventCause(ByCause):
    lookup = "entry__cause__startswith"


class EventActor(ByActor):
    lookup = "entry__actor_id"


class EventDay(OnDay):
    lookup = "entry__written_at"


@admin.register(Entry)
class EntryPage(ReadOnlyPage[Entry]):
    heading = _("Ledger")
    about = _(
        "Everything that was changed, in order, by whom and why. It never changes."
    )
    labels = {
        "position": pgettext_lazy("ledger", "Position"),
        "written_at": _("When"),
        "actor": _("By"),
        "cause": _("Cause"),
    }
    list_display = ("position", "written_at", "who", "cause", "about_what")
    detail = ("position", "written_at", "who", "cause", "seal")
    list_filter = (OnDay, ByActor, ByCause, ByKind)
    ordering = ("-position",)
    record_template = "admin/entry.html"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        rows = super().get_queryset(request).exclude(position=None)
        return rows.select_related("actor")

    @override
    def name_of(self, record: Entry) -> str:
        return gettext("Entry %(n)s") % {"n": record.position}

    @admin.display(description=_("By"))
    def who(self, entry: Entry) -> Text:
        return str(entry.actor or _("The product itself"))

    @admin.display(description=_("About"))
    def about_what(self, entry: Entry) -> str:
        return ", ".join(entry.topics)

    @admin.display(description=_("Seal"))
    def seal(self, entry: Entry) -> str:
        return bytes(entry.hash or b"").hex()

    @override
    def record_context(self, request: HttpRequest, record: Entry) -> dict[str, Any]:
        events = list(record.events.order_by("pk")[: _EVENTS_SHOWN + 1])
        more = len(events) > _EVENTS_SHOWN
        return {"events": events[:_EVENTS_SHOWN], "more": more}


@admin.register(Event)
class EventPage(ReadOnlyPage[Event]):
    heading = _("Events")
    about = _("Single things that happened, the newest first.")
    labels = {"kind": _("What")}
    list_display = ("kind", "when", "who", "subject", "details", "cause")
    list_filter = (EventDay, EventActor, EventCause, ByKind)
    ordering = ("-pk",)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        rows = super().get_queryset(request).exclude(entry__position=None)
        return rows.select_related("entry__actor")

    @override
    def name_of(self, record: Event) -> str:
        return record.kind

    @admin.display(description=_("When"))
    def when(self, event: Event) -> object:
        return event.entry.written_at

    @admin.display(description=_("By"))
    def who(self, event: Event) -> Text:
        return str(event.entry.actor or _("The product itself"))

    @admin.display(description=_("To what"))
    def subject(self, event: Event) -> str:
        return f"{event.subject_type} {event.subject_id}"

    @admin.display(description=_("Details"))
    def details(self, event: Event) -> SafeString | str:
        told = {n: EMPTY if v is None else v for n, v in event.payload.items()}
        said = ", ".join(f"{name}: {value}" for name, value in told.items())
        return said and format_html('<span class="panel-long">{}</span>', said)

    @admin.display(description=_("Cause"))
    def cause(self, event: Event) -> str:
        return event.entry.cause
