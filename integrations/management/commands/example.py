from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from foundation.accounts.queries import workspace
from foundation.kernel import clock
from integrations.example import play


class Command(BaseCommand):
    help = "Fill an empty workspace with the example company."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if workspace.current().is_example:
            self.stdout.write("The example company is there already.")
            return
        if not play.is_empty():
            raise CommandError("The workspace holds records; it must be empty.")
        with tqdm(unit=" weeks", disable=None, file=self.stderr) as bar:
            count = play.play(
                at=clock.now(), told=lambda done, of: _show(bar, done, of)
            )
        self.stdout.write(f"The example company has {count} leads.")


def _show(bar: Any, done: int, of: int) -> None:  # noqa: ANN401 -- tqdm's bar
    bar.total = of
    bar.update(done - bar.n)
