"""The agreement and the hours it is counted in, version by version, to read."""

from typing import Any, override

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.panel import ReadOnlyPage
from foundation.accounts.panel.acts import Text
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.places import country_name
from sla.models import Agreement, Calendar
from sla.queries import agreement as queries
from sla.views import working_hours
from sla.views.wording import narrowing, percent, sentence

_BY_PRODUCT = _("Came with the product")


@admin.register(Agreement)
class AgreementPage(ReadOnlyPage[Agreement]):
    heading = _("Agreement")
    about = _("What both sides promised each other, version by version.")
    labels = {
        "version": _("Version"),
        "effective_at": _("In force from"),
        "review_on": _("To be reviewed by"),
        "pauses_per_clock": _("Pauses for each clock"),
        "pause_days": _("Days of pause"),
        "text": _("Text"),
    }
    list_display = ("version", "effective_at", "state", "promises", "review_on", "who")
    detail = (
        *("version", "state", "effective_at", "review_on", "who", "warning"),
        *("pauses_per_clock", "pause_days", "text"),
    )
    ordering = ("-version",)
    record_template = "admin/agreement.html"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Agreement]:
        rows: QuerySet[Agreement] = super().get_queryset(request)
        return rows.select_related("entry__actor").annotate(n=Count("clauses"))

    @override
    def name_of(self, record: Agreement) -> str:
        return gettext("Version %(n)s") % {"n": record.version}

    @admin.display(description=_("State"))
    def state(self, row: Agreement) -> Text:
        at = clock.now()
        if row.effective_at > at:
            return _("to come")
        now = queries.in_force(at=at)
        return _("in force") if now and now.pk == row.pk else _("superseded")

    @admin.display(description=_("Promises"), ordering="n")
    def promises(self, row: Agreement) -> int:
        return int(row.n)  # type: ignore[attr-defined]

    @admin.display(description=_("By"))
    def who(self, row: Agreement) -> Text:
        if row.entry is None:
            return _BY_PRODUCT
        return str(row.entry.actor or _("The product itself"))

    @admin.display(description=_("Warning at"))
    def warning(self, row: Agreement) -> str:
        return percent(row.warning_share)

    @override
    def record_context(self, request: HttpRequest, record: Agreement) -> dict[str, Any]:
        clauses = [
            {
                "side": clause.get_side_display(),
                "sentence": sentence(clause),
                "narrowing": ", ".join(narrowing(clause)),
                "share": percent(clause.attainment),
            }
            for clause in record.clauses.all()
        ]
        return {"clauses": clauses}


@admin.register(Calendar)
class CalendarPage(ReadOnlyPage[Calendar]):
    heading = _("Calendars")
    about = _("Working hours and holidays that promises are counted in.")
    labels = {
        "version": _("Version"),
        "time_zone": _("Time zone"),
        "effective_at": _("In force from"),
    }
    list_display = (
        *("whose", "version", "time_zone"),
        *("holidays_of", "hours", "effective_at"),
    )
    detail = list_display
    ordering = ("team", "-version")
    record_template = "admin/calendar.html"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        rows: QuerySet[Calendar] = super().get_queryset(request)
        return rows.select_related("team")

    @override
    def name_of(self, record: Calendar) -> str:
        version = gettext("version %(n)s") % {"n": record.version}
        return f"{working_hours.name_of(record)}, {version}"

    @admin.display(description=_("For"), ordering="team")
    def whose(self, row: Calendar) -> str:
        return working_hours.name_of(row)

    @admin.display(description=_("Country"), ordering="country")
    def holidays_of(self, row: Calendar) -> str:
        return country_name(row.country)

    @admin.display(description=_("Hours"))
    def hours(self, row: Calendar) -> str:
        [week] = working_hours.weeks([row])
        return "; ".join(f"{days} {times}" for days, times in week.lines)

    @override
    def record_context(self, request: HttpRequest, record: Calendar) -> dict[str, Any]:
        today = workspace.current().today(clock.now())
        return {"days_off": working_hours.days_off([record], today=today)}
