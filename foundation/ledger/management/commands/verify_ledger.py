from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from foundation.ledger import queries


class Command(BaseCommand):
    help = "Recompute the ledger's hashes; fails on any edit, gap or reorder."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        flaws = queries.flaws()
        for flaw in flaws:
            self.stderr.write(
                f"position {flaw.position}, entry {flaw.entry}: {flaw.what}"
            )
        if flaws:
            raise CommandError(f"The ledger is not sound: {len(flaws)} flaws.")
        self.stdout.write(f"The ledger is sound up to position {queries.position()}.")
