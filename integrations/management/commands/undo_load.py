import json
import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from foundation.kernel import clock
from integrations.actions import undo
from integrations.domain.undoing import Undoing
from integrations.enums import KeptBecause, Noun
from integrations.models import Load


class Command(BaseCommand):
    help = "Undo a load. What others changed or built upon since is kept and told."
    requires_system_checks = []

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("id", type=int, help="the number of the load")
        add("--dry-run", action="store_true", help="say what would happen, no more")
        add("--json", action="store_true", help="print one JSON object")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        load = Load.objects.filter(pk=options["id"]).first()
        if load is None:
            raise CommandError(f"There is no load {options['id']}.")
        answer = undo.preview(load) if options["dry_run"] else _undo(load)
        if options["json"]:
            self.stdout.write(json.dumps(answer.as_json()))
            return
        for line in _lines(answer):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Nothing was written: this was a dry run.")


def _undo(load: Load) -> Undoing:
    quiet = not sys.stderr.isatty()
    try:
        with tqdm(total=load.rows, unit=" rows", disable=quiet) as bar:
            for chunk in undo.run(load, by=None, now=clock.now):
                bar.update(chunk.rows)
    except undo.NotUndoable as fault:
        raise CommandError(str(fault)) from fault
    return Undoing.of(load.undoing)


def _lines(answer: Undoing) -> list[str]:
    return [
        f"taken back: {_counts(answer.records)}",
        f"put back: {_counts(answer.updates)}",
        f"kept: {answer.kept_total}",
        *(
            f"  {count} {Noun(noun).label}: {KeptBecause(reason).label}"
            for (noun, reason), count in sorted(answer.kept.items())
            if count
        ),
    ]


def _counts(counts: Counter[str]) -> str:
    told = [f"{Noun(noun).label} {count}" for noun, count in counts.items() if count]
    return ", ".join(told) or "0"
