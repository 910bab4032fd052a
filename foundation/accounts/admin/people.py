"""People: who they are, and what may be done about it."""

from collections.abc import Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actions import invitations, people
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.admin.forms import GuestForm, RoleForm, TeamChoice
from foundation.accounts.enums import Permission, Role
from foundation.accounts.forms import NATIVE_NAMES
from foundation.accounts.models import Team, User
from foundation.accounts.panel import Act, Choice, ReadOnlyPage
from foundation.accounts.panel.acts import Text
from foundation.accounts.queries import sessions, workspace
from foundation.kernel import clock

type Sent = Mapping[str, Any]


def _guest(sent: Sent, person: User | None) -> Guest:
    return Guest(**{**sent, "role": Role(sent["role"])}, person=person)


def invite(by: User, person: User | None, sent: Sent) -> Text:
    row = invitations.invite(_guest(sent, person), by=by, at=clock.now())
    return _("An invitation goes to %(email)s.") % {"email": row.email}


def change_role(by: User, person: User, sent: Sent) -> None:
    people.change_role(person, Role(sent["role"]), by=by, at=clock.now())


def set_team(by: User, person: User, sent: Sent) -> None:
    people.set_team(person, sent["team"], by=by, at=clock.now())


def take_leads(by: User, person: User, sent: Sent) -> None:
    people.set_takes_leads(person, takes=True, by=by, at=clock.now())


def leave_leads(by: User, person: User, sent: Sent) -> None:
    people.set_takes_leads(person, takes=False, by=by, at=clock.now())


def disable(by: User, person: User, sent: Sent) -> None:
    people.disable(person, by=by, at=clock.now())


def enable(by: User, person: User, sent: Sent) -> None:
    people.enable(person, by=by, at=clock.now())


def end_sessions(by: User, person: User, sent: Sent) -> None:
    people.end_sessions(person, by=by, at=clock.now())


def _is_human(person: User) -> bool:
    return person.role != Role.INTEGRATION


def _was_in(person: User) -> bool:
    return _is_human(person) and not person.is_active and person.has_usable_password()


EDIT = Permission.PEOPLE_EDIT
INVITE = Act[User](
    "invite",
    _("Invite somebody"),
    EDIT,
    invite,
    GuestForm,
    _("They get a link by e-mail that works once, within 24 hours."),
    start=lambda _person: {"language": workspace.current().language},
)
ACTS = (
    Act[User](
        "let-in",
        _("Invite"),
        EDIT,
        invite,
        GuestForm,
        _("They get a link by e-mail, and keep the records they have here."),
        when=lambda person: _is_human(person) and not person.is_active,
        start=lambda person: {
            "email": person.email,
            "name": person.name,
            "role": person.role,
            "team": person.team,
            "language": person.language,
        },
    ),
    Act[User](
        "role",
        _("Change the role"),
        EDIT,
        change_role,
        RoleForm,
        _("They are signed out everywhere, so that it holds at once."),
        when=_is_human,
        start=lambda person: {"role": person.role},
    ),
    Act[User](
        "team",
        _("Change the team"),
        EDIT,
        set_team,
        TeamChoice,
        when=lambda person: person.function is not None,
        start=lambda person: {"team": person.team},
    ),
    Act[User](
        "take-leads",
        _("Let leads be assigned in turn"),
        EDIT,
        take_leads,
        when=lambda person: person.is_active and not person.takes_leads,
    ),
    Act[User](
        "leave-leads",
        _("Assign no more leads in turn"),
        EDIT,
        leave_leads,
        when=lambda person: person.takes_leads,
    ),
    Act[User](
        "end-sessions",
        _("Sign out everywhere"),
        EDIT,
        end_sessions,
        when=lambda person: person.is_active,
    ),
    Act[User]("enable", _("Let in again"), EDIT, enable, when=_was_in),
    Act[User](
        "disable",
        _("Shut out"),
        EDIT,
        disable,
        text=_("Sessions and tokens end at once. Their records stay."),
        when=lambda person: person.is_active or not _is_human(person),
        grave=True,
    ),
)


class ByRole(Choice):
    title = _("Role")
    parameter_name = "role"
    lookup = "role"

    @override
    def options(self) -> list[tuple[str, Text]]:
        return [(role.value, role.label) for role in Role]


class ByTeam(Choice):
    title = _("Team")
    parameter_name = "team"
    lookup = "team_id"

    @override
    def options(self) -> list[tuple[str, Text]]:
        teams = Team.objects.order_by("name", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in teams]


class ByStanding(Choice):
    title = _("Signs in")
    parameter_name = "active"
    lookup = "is_active"

    @override
    def options(self) -> list[tuple[str, Text]]:
        return [("1", _("Yes")), ("0", _("No"))]


@admin.register(User)
class PeoplePage(ReadOnlyPage[User]):
    heading = _("People")
    labels = {
        "name": _("Name"),
        "email": _("E-mail"),
        "role": _("Role"),
        "team": _("Team"),
        "takes_leads": _("Gets leads in turn"),
        "external_id": _("External id"),
        "time_zone": _("Time zone"),
        "joined_at": _("Here since"),
        "last_login": _("Last signed in"),
    }
    about = _("Everybody who signs in, owns records or acts as a program.")
    list_display = ("name", "email", "role", "team", "signs_in", "last_login")
    list_select_related = ("team",)
    list_filter = (ByRole, ByTeam, ByStanding)
    search_fields = ("name", "email", "external_id")
    ordering = ("name", "pk")
    detail = (
        *("name", "email", "role", "team", "takes_leads", "signs_in", "external_id"),
        *("spoken", "time_zone", "joined_at", "last_login"),
    )
    list_acts = (INVITE,)
    acts = ACTS

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("team")

    @admin.display(description=_("Signs in"), boolean=True, ordering="is_active")
    def signs_in(self, person: User) -> bool:
        return person.is_active

    @admin.display(description=_("Language"))
    def spoken(self, person: User) -> str:
        return NATIVE_NAMES[person.language]

    @override
    def record_context(self, request: HttpRequest, record: User) -> dict[str, Any]:
        return {"sessions": sessions.of_person(record, at=clock.now())}

    record_template = "admin/person.html"
