import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from foundation.accounts.queries import workspace
from foundation.kernel import clock
from integrations.actions import loads
from integrations.actions.rejects import write_rejects
from integrations.domain.kinds import KINDS
from integrations.domain.problems import BadMapping, NotATable
from integrations.models import Load
from integrations.queries.loads import COUNTS, errors

_SHOWN_ERRORS = 10


class Command(BaseCommand):
    help = "Load a CSV or XLSX file. Loading the same file twice changes nothing."
    requires_system_checks = []

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("kind", help=", ".join(KINDS))
        add("file", type=Path)
        add("--map", action="append", default=[], metavar="TARGET=COLUMN")
        add("--default", action="append", default=[], metavar="TARGET=VALUE")
        add("--timezone", default="", help="of times without offset; the workspace's")
        add("--country", default="", help="of phone numbers without country code")
        add("--slashes", default="", choices=["day", "month"], help="05/03/2026 begins")
        add("--decimal", default="", choices=[".", ","], help="in 1,234 or 1.234")
        add("--dry-run", action="store_true", help="say what would happen, no more")
        add("--live", action="store_true", help="start clocks of the last 24 hours")
        add("--json", action="store_true", help="print one JSON object")
        add("--rejects", type=Path, help="where rejected rows go, to be mended")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        self._options = options
        try:
            prepared = loads.prepare(
                options["file"], _wanted(options), by=None, at=clock.now()
            )
        except (NotATable, BadMapping) as fault:
            raise CommandError(str(fault)) from fault
        self._name_ignored(prepared.mapping.ignored)
        if not options["dry_run"]:
            self._run(prepared)
            return
        with loads.rehearsal(by=None, at=clock.now()):
            self._run(prepared)

    def _name_ignored(self, columns: Sequence[str]) -> None:
        """Say beside the answer, whose form is fixed, which columns nobody reads."""
        if columns:
            self.stderr.write(f"Columns left out: {', '.join(columns)}")

    def _run(self, prepared: loads.Prepared) -> None:
        chunks = loads.run(prepared, now=clock.now)
        bar = tqdm(
            total=prepared.table.rows_hint,
            unit=" rows",
            disable=not sys.stderr.isatty(),
        )
        with bar:
            for chunk in chunks:
                bar.update(chunk.rows)
        self._report(prepared.load)

    def _report(self, load: Load) -> None:
        if path := self._options["rejects"]:
            with path.open("wb") as file:
                write_rejects(load, file)
        if self._options["json"]:
            self.stdout.write("".join(_json(load)))
            return
        counts = ", ".join(f"{name}: {getattr(load, name)}" for name in COUNTS)
        self.stdout.write(counts)
        for error in errors(load)[:_SHOWN_ERRORS]:
            place = f", {error.column}" if error.column else ""
            self.stdout.write(f"  row {error.row}{place}: {error.message}")
        self._point_onwards(load)

    def _point_onwards(self, load: Load) -> None:
        if self._options["dry_run"]:
            self.stdout.write("Nothing was written: this was a dry run.")
            return
        if load.rejected and not self._options["rejects"]:
            self.stdout.write("All rejected rows, to be mended: add --rejects PATH.")


def _wanted(options: dict[str, Any]) -> loads.Wanted:
    here = workspace.current()
    return loads.Wanted(
        kind=options["kind"],
        time_zone=options["timezone"] or here.time_zone,
        maps=options["map"],
        defaults=options["default"],
        country=options["country"].upper() or here.country,
        slashes=options["slashes"],
        decimal_mark=options["decimal"],
        live=options["live"],
    )


def _json(load: Load) -> Iterator[str]:
    """The answer in parts, so that a million errors need no memory of their own."""
    counts = {name: getattr(load, name) for name in COUNTS}
    yield json.dumps(counts)[:-1] + ', "errors": ['
    for place, error in enumerate(errors(load).iterator()):
        names = ("row", "column", "code", "message")
        told = {name: getattr(error, name) for name in names}
        yield (", " if place else "") + json.dumps(told)
    yield "]}"
