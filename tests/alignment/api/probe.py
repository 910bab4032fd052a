"""A few endpoints as apps write them, over people, for the tests of the base."""

from typing import Any

from django.urls import include, path
from rest_framework import serializers

from alignment.api import urls as api
from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission, Role
from foundation.accounts.models import Team, User
from foundation.kernel.api import filters
from foundation.kernel.api.fields import Moment, Money
from foundation.kernel.api.serializers import Body
from foundation.kernel.errors import DomainError, Invalid


class PersonOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    last_login = Moment(allow_null=True)


class Owner(Body):
    id = serializers.IntegerField()


class TeamBody(Body):
    name = serializers.CharField(max_length=80)
    value = Money(amount="value", currency="currency", required=False, allow_null=True)
    starts_at = Moment(required=False)
    owners = Owner(many=True, required=False)


class People(ListEndpoint[User]):
    """People, for the tests."""

    permission = Permission.LEADS_VIEW
    out = PersonOut
    filters = {
        "role": filters.word("role", Role),
        "name": filters.text("name"),
        "team": filters.number("team_id"),
        "active": filters.flag("is_active"),
        **filters.moments("joined_at"),
        **filters.days("joined_on", "joined_at__date"),
    }
    orderings = ("name", "last_login", "joined_at")
    search_fields = ("name", "email")

    def rows(self):
        return User.objects.all()


class Refused(DomainError):
    code = "team_refused"


class Wrong(Invalid):
    code = "team_wrong"


class TeamOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    value = Money(amount="value", currency="currency", allow_null=True)


class Teams(Endpoint):
    """Make a team; some names are refused, one breaks."""

    permission = Permission.LEADS_VIEW
    write_permission = Permission.LEADS_EDIT
    body = TeamBody
    out = TeamOut
    write_parameters = {"quiet": filters.flag("")}

    def post(self, request):
        sent = self.sent()
        team = Team.objects.create(
            name=sent["name"], function="sales", created_at="2026-03-02T10:00:00Z"
        )
        if sent["name"] == "refused":
            raise Refused("No such team.", field="owners.0.id")
        if sent["name"] == "wrong":
            raise Wrong("Not like this.")
        if sent["name"] == "broken":
            raise RuntimeError
        vars(team).update(value=sent.get("value"), currency=sent.get("currency"))
        return self.answer(team)


urlpatterns = [
    path("api/v1/people/", People.as_view()),
    path("api/v1/teams/", Teams.as_view()),
    path("api/v1/teams/<int:pk>/", Teams.as_view()),
    path("api/v1/", include(api)),
]
handler404 = "alignment.views.errors.missing"
handler500 = "alignment.views.errors.failed"
