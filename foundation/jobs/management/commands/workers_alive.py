from django.core.management.base import BaseCommand, CommandError

from foundation.jobs.queries.jobs import workers_alive

SILENT = 3  # told apart from a database that is away


class Command(BaseCommand):
    help = "Succeed only if a worker did a message within the last two minutes."

    def handle(self, *args: object, **options: object) -> None:
        if not workers_alive():
            message = "No worker has done anything for two minutes."
            raise CommandError(message, returncode=SILENT)
