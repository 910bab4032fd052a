from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actions import workspace as actions
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from foundation.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Show or change workspace settings: configure [KEY=VALUE …]"

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        # Not "settings": that is where Django keeps the option of this name.
        parser.add_argument("pairs", nargs="*", metavar="KEY=VALUE")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        wanted = dict(_pair(text) for text in options["pairs"])
        try:
            changed = actions.configure(wanted, by=None, at=clock.now())
        except DomainError as refusal:
            place = getattr(refusal, "field", "")
            raise CommandError(f"{place}: {refusal}") from refusal
        self._show(changed if wanted else actions.names())

    def _show(self, names: list[str]) -> None:
        row = workspace.current()
        for name in names:
            value = getattr(row, name)
            text = ",".join(value) if isinstance(value, list) else str(value)
            self.stdout.write(f"{name}={text.lower() if value in _BOOL else text}")


_BOOL = (True, False)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"Write KEY=VALUE instead of “{text}”.")
    return name.strip(), value
