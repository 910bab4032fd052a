from collections.abc import Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import teams
from foundation.accounts.admin.forms import TeamForm
from foundation.accounts.enums import Permission
from foundation.accounts.models import Team, User
from foundation.accounts.panel import Act, ReadOnlyPage
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.places import country_name


def create(by: User, _none: None, sent: Mapping[str, Any]) -> None:
    teams.create(Team(**sent), by=by, at=clock.now())


def change(by: User, team: Team, sent: Mapping[str, Any]) -> None:
    for name, value in sent.items():
        setattr(team, name, value)
    teams.change(team, by=by, at=clock.now())


def _blank(_none: object) -> Mapping[str, Any]:
    settings = workspace.current()
    return {"time_zone": settings.time_zone, "country": settings.country}


def _present(team: Team) -> Mapping[str, Any]:
    names = ("name", "function", "time_zone", "country")
    return {name: getattr(team, name) for name in names}


@admin.register(Team)
class TeamPage(ReadOnlyPage[Team]):
    heading = _("Teams")
    labels = {
        "name": _("Name"),
        "function": _("Department"),
        "time_zone": _("Time zone"),
    }
    about = _("Departments' teams, with the hours and holidays they work by.")
    list_display = ("name", "function", "time_zone", "holidays_of", "people")
    search_fields = ("name",)
    ordering = ("function", "name")
    list_acts = (
        Act[Team](
            "new", _("New team"), Permission.PEOPLE_EDIT, create, TeamForm, start=_blank
        ),
    )
    acts = (
        Act[Team](
            "change",
            _("Change"),
            Permission.PEOPLE_EDIT,
            change,
            TeamForm,
            start=_present,
        ),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        active = Count("members", filter=Q(members__is_active=True))
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(active_members=active)

    @admin.display(description=_("Country"), ordering="country")
    def holidays_of(self, team: Team) -> str:
        return country_name(team.country)

    @admin.display(description=_("People who sign in"), ordering="active_members")
    def people(self, team: Team) -> SafeString:
        return format_html(
            '<a class="num-link" href="{}?team={}&amp;active=1">{}</a>',
            reverse("admin:accounts_user_changelist"),
            team.pk,
            number_format(team.active_members),  # type: ignore[attr-defined]
        )
