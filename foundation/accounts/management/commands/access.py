import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, override

from django.core.management.base import BaseCommand

from foundation.accounts.actions import sign_ins
from foundation.accounts.actions.sign_ins import Access, SignIn
from foundation.kernel import clock


class Command(BaseCommand):
    help = (
        "Make or keep a sign-in for each role and an integration's token, in a new "
        "workspace or the example company. Reads what is known as JSON on standard "
        "input."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        known = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
        access = sign_ins.ensure(_read(known), at=clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(access)))
            return
        for each in access.users:
            self.stdout.write(f"{each.role}  {each.email}  {each.password}")
        self.stdout.write(f"token  {access.token}")


def _read(text: str) -> Access:
    """Return what an earlier answer said; nothing if it cannot be read."""
    try:
        known = json.loads(text)
        users = [
            SignIn(str(each["role"]), str(each["email"]), str(each["password"]))
            for each in known["users"]
        ]
        return Access(users, str(known["token"]))
    except (ValueError, KeyError, TypeError):
        return Access([], "")
