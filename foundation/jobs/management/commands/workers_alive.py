from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.jobs.queries.jobs import workers_alive


class Command(BaseCommand):
    help = "Succeed only if a worker did a message within the last two minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        if not workers_alive():
            raise CommandError("No worker has done anything for two minutes.")
