"""``python -m tools.vendor [--check]``: fetch, build and record the vendored files.

With ``--check`` nothing is written: the files are built aside and compared.
"""

import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

from tools.vendor import build, fetch, manifest

VENDOR = Path(__file__).parents[2] / "static" / "vendor"


def main(arguments: list[str]) -> int:
    """Make ``static/vendor`` anew, or with ``--check`` say what would differ."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fresh = folder / "vendor"
        build.build(fetch.install(folder), fresh)
        manifest.write(fresh)
        if "--check" in arguments:
            return _compare(fresh)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    print(f"{sum(1 for p in VENDOR.rglob('*') if p.is_file())} files in static/vendor")
    return 0


def _compare(fresh: Path) -> int:
    names = {
        path.relative_to(root)
        for root in (fresh, VENDOR)
        for path in root.rglob("*")
        if path.is_file()
    }
    differing = [n for n in sorted(names) if not _same(fresh / n, VENDOR / n)]
    for name in differing:
        print(f"differs: {name}")
    return 1 if differing else 0


def _same(one: Path, other: Path) -> bool:
    both = one.is_file() and other.is_file()
    return both and filecmp.cmp(one, other, shallow=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
