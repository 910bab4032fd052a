"""``make bench``: ours and a bare reference in turn, in one run; ratios count.

``ARGS=api`` runs one of them.
"""

import sys

from tools.bench import api, funnel, imports, live, pages, sweep

BENCHES = {
    "api": api.main,
    "imports": imports.main,
    "live": live.main,
    "sweep": sweep.main,
    "pages": pages.main,
    "funnel": funnel.main,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all, and print one table."""
    print("| path | ours | bare | ratio |\n|---|---|---|---|")
    for name in names or list(BENCHES):
        for row in BENCHES[name]():
            print("| " + " | ".join(row) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
