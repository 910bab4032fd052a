"""R25: what is installed is what is pinned."""

import importlib.metadata
import os
import re
import subprocess
import sys
from itertools import pairwise

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from alignment.engines.workspace import PROJECT

PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$")
KINDS = ("base", "dev")


def text(kind, ending):
    return (PROJECT / "requirements" / f"{kind}.{ending}").read_text(encoding="utf-8")


def pins(kind):
    """Name → version of every pin that applies to this Python and machine."""
    found = (PINNED.match(line) for line in text(kind, "txt").splitlines())
    return {
        canonicalize_name(pin["name"]): pin["version"]
        for pin in found
        if pin and (not pin["marker"] or Marker(pin["marker"]).evaluate())
    }


def wanted(kind):
    lines = (line.partition("#")[0].strip() for line in text(kind, "in").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-c")]


@pytest.mark.parametrize("kind", KINDS)
def test_installed_versions_equal_the_pins(kind):
    """R25: pip silently installs years-old versions when a new one does not fit."""
    expected = pins(kind)
    assert len(expected) > 20
    assert {name: importlib.metadata.version(name) for name in expected} == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_requirement_is_pinned_within_its_bounds(kind):
    """R25: the guard against packages older than we ask for."""
    versions = pins("base") | pins("dev")
    assert [
        str(each)
        for each in wanted(kind)
        if versions[canonicalize_name(each.name)] not in each.specifier
    ] == []


def test_both_lists_agree():
    base, dev = pins("base"), pins("dev")
    assert {name: dev[name] for name in base.keys() & dev.keys()} == {
        name: base[name] for name in base.keys() & dev.keys()
    }


def test_what_is_installed_fits_together():
    """R25: pip check."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "No broken requirements found.\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_pin_has_hashes_and_no_index_is_named(kind):
    lines = text(kind, "txt").splitlines()
    after = dict(pairwise(lines))
    pinned = [line for line in lines if "==" in line and not line.startswith(" ")]
    assert len(pinned) > 20
    assert [line for line in pinned if "--hash=sha256:" not in after[line]] == []
    assert [
        line for line in lines if line.startswith(("-i", "--index", "--extra"))
    ] == []
    assert [line for line in lines if "://" in line] == []


def test_the_product_needs_no_more_than_25_packages_directly():
    assert len(wanted("base")) <= 25


def test_every_direct_requirement_says_what_for():
    lines = text("base", "in").splitlines()
    silent = [x for x in lines if x and not x.startswith("#") and "#" not in x]
    assert silent == []


ALONE = """
import importlib, sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"hidden: {name}", name=name)

sys.meta_path.insert(0, Hidden())
for name in ("alignment.wsgi", "granian.cli", "celery.bin.celery", "celery.beat",
             "kombu.transport.redis", "celery.concurrency.prefork", "redis"):
    importlib.import_module(name)
"""


def test_the_product_runs_without_what_only_tests_need():
    """A package we use by accident is there in development and missing in the demo."""
    extra = pins("dev").keys() - pins("base").keys()
    homes = importlib.metadata.packages_distributions().items()
    hidden = {
        module
        for module, owners in homes
        if {canonicalize_name(owner) for owner in owners} <= extra
    }
    assert {"pytest", "ruff", "openpyxl"} <= hidden
    done = subprocess.run(
        [sys.executable, "-c", f"HIDDEN = {hidden!r}\n{ALONE}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "alignment.settings"},
    )
    assert done.returncode == 0, done.stderr
