"""``make bench``: ours and a bare reference in turn, in one run; ratios count.

``ARGS=api`` runs one of them; ``ARGS='pages funnel --copies 166'`` makes these two of a
million leads, which takes about a quarter of an hour and 6 GB of disk.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from tools.bench import api, dry_run, funnel, imports, live, pages, sweep
from tools.bench.company import COPIES

type Rows = list[tuple[str, str, str, str]]


def _ways(copies: int) -> dict[str, Callable[[], Rows]]:
    return {
        "api": api.main,
        "imports": imports.main,
        "live": live.main,
        "sweep": sweep.main,
        "pages": partial(pages.main, copies),
        "funnel": partial(funnel.main, copies),
        "dry_run": dry_run.main,
    }


def main(words: list[str]) -> int:
    """Run the named benches, or all, and print one table."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", metavar="name", help="a part; else all")
    parser.add_argument("--copies", type=int, default=COPIES, help="of 6 000 leads")
    told = parser.parse_args(words)
    ways = _ways(told.copies)
    if unknown := [name for name in told.names if name not in ways]:
        parser.error(f"there is no {unknown[0]}, but {', '.join(ways)}")
    print("| path | ours | bare | ratio |\n|---|---|---|---|")
    for name in told.names or ways:
        for row in ways[name]():
            print("| " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
