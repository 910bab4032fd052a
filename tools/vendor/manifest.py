"""What was vendored: written by the command, checked by the tests."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tools.vendor.build import licence_path
from tools.vendor.packages import BUILDER, BUILDER_VERSION, TARGETS, Package

FILE = "manifest.json"


def describe(folder: Path) -> dict[str, Any]:
    """The manifest of the vendored files as they lie in ``folder``."""
    return {
        "command": "python -m tools.vendor",
        "builder": {"package": BUILDER, "version": BUILDER_VERSION},
        "files": [
            {
                "file": target.file,
                **_package(target.sources[0]),
                "contains": [_package(source) for source in target.sources[1:]],
                **_content(folder / target.file),
            }
            for target in TARGETS
        ],
        "licences": [
            {"file": path, **_content(folder / path)}
            for path in sorted({licence_path(s) for t in TARGETS for s in t.sources})
        ],
    }


def write(folder: Path) -> None:
    """Write the manifest beside the files it describes."""
    text = json.dumps(describe(folder), indent=2)
    (folder / FILE).write_text(text + "\n")


def _package(source: Package) -> dict[str, str]:
    return {
        "package": source.name,
        "version": source.version,
        "licence": source.licence,
        "licence_file": licence_path(source),
    }


def _content(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
