"""Install the pinned packages into a folder that is thrown away afterwards."""

import json
import subprocess
from pathlib import Path

from tools.vendor.packages import (
    BUILDER,
    BUILDER_VERSION,
    LICENCE_NAMES,
    SHIPPED,
    Package,
)


class WrongPackage(Exception):
    """What was installed is not what ``packages.py`` says."""


def install(folder: Path) -> Path:
    """Install exactly the pinned versions, without running their scripts.

    Returns ``node_modules``. Nothing is left in the project: no lock file, no cache.

    Raises:
        WrongPackage: a version or licence differs from the pin.
    """
    wanted = {package.name: package.version for package in SHIPPED}
    wanted[BUILDER] = BUILDER_VERSION
    description = {"private": True, "dependencies": wanted}
    (folder / "package.json").write_text(json.dumps(description))
    subprocess.run(
        [
            *("npm", "install", "--ignore-scripts", "--no-package-lock"),
            *("--no-audit", "--no-fund", "--loglevel=error"),
        ],
        cwd=folder,
        check=True,
    )
    modules = folder / "node_modules"
    for package in SHIPPED:
        check(package, modules / package.name / "package.json")
    return modules


def check(package: Package, description: Path) -> None:
    """Compare what was installed with its pin.

    Raises:
        WrongPackage: a version or licence differs from the pin.
    """
    found = json.loads(description.read_text())
    licence = LICENCE_NAMES.get(found["license"], found["license"])
    if (found["version"], licence) != (package.version, package.licence):
        raise WrongPackage(
            f"{package.name}: wanted {package.version} under {package.licence}, "
            f"found {found['version']} under {licence}"
        )
