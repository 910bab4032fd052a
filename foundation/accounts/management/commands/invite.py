from argparse import ArgumentParser
from typing import Any, override

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from foundation.accounts.actions import invitations
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.enums import Role
from foundation.accounts.models import Team
from foundation.accounts.models.user import LANGUAGES
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.errors import DomainError

_ROLES = [role.value for role in Role if role != Role.INTEGRATION]


class Command(BaseCommand):
    help = "Invite somebody: a worker mails them a link that works once, for a day."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=_ROLES)
        parser.add_argument("--team", help="a team's name", default="")
        parser.add_argument("--language", choices=LANGUAGES)
        parser.add_argument(
            "--show-link", action="store_true", help="print the link as well"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        guest, at = _guest(options), clock.now()
        try:
            row = invitations.invite(guest, by=None, at=at)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{row.email} is invited.")
        if options["show_link"]:
            self.stdout.write(invitations.link_of(row, at=at))


def _guest(options: dict[str, Any]) -> Guest:
    try:
        validate_email(options["email"])
    except ValidationError as error:
        raise CommandError(f"“{options['email']}” is no e-mail address.") from error
    return Guest(
        email=options["email"],
        name=options["name"],
        role=Role(options["role"]),
        team=_team(options["team"]),
        language=options["language"] or workspace.current().language,
    )


def _team(name: str) -> Team | None:
    if not name:
        return None
    team = Team.objects.filter(name__iexact=name).first()
    if team is None:
        raise CommandError(f"There is no team “{name}”.")
    return team
