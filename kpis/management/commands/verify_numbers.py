from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from foundation.kernel import clock
from kpis.queries.plain import checks
from kpis.queries.reading import reading


class Command(BaseCommand):
    help = "Count every number again from the rows and name each cell that differs."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        differing = 0
        with reading(at=clock.now()) as seen:
            for difference in checks.everything(seen):
                differing += 1
                self.stderr.write(str(difference))
        if differing:
            raise CommandError(f"{differing} cells are not what the rows say.")
        self.stdout.write(f"Every number is what the rows say at {seen.position}.")
