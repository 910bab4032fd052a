"""What the browser loads is pinned, licensed, unchanged, and ours to the last byte."""

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tools.vendor import build, fetch, icons, manifest
from tools.vendor.packages import HTMX, SHIPPED, TARGETS

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
APP = ROOT / "static" / "app"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ALLOWED_LICENCES = {"0BSD", "Apache-2.0", "BSD-3-Clause", "MIT", "OFL-1.1"}
WORDS_OF_LICENCE = {
    "0BSD": "without fee",
    "Apache-2.0": "Apache License",
    "BSD-3-Clause": "Redistributions of source code",
    "MIT": "Permission is hereby granted, free of charge",
    "OFL-1.1": "SIL Open Font License",
}
RECORD = json.loads((VENDOR / manifest.FILE).read_text())
ENTRIES = RECORD["files"] + RECORD["licences"]
SCRIPTS = sorted(VENDOR.rglob("*.js"))
SHEETS = sorted(VENDOR.rglob("*.css"))
MODULES = sorted(APP.glob("*.js"))


def relative(path):
    return str(path.relative_to(ROOT))


def test_every_vendored_file_is_listed_and_every_listed_file_lies_there():
    found = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert found == {entry["file"] for entry in ENTRIES} | {manifest.FILE}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_content_is_what_was_built(entry):
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert len(content) == entry["size"]


def test_manifest_says_what_the_pins_say():
    """A pin changed without building anew shows here (trap 5: htmx as it is pinned)."""
    assert manifest.describe(VENDOR) == RECORD
    recorded = {
        (source["package"], source["version"], source["licence"])
        for entry in RECORD["files"]
        for source in [entry, *entry["contains"]]
    }
    assert recorded == {(p.name, p.version, p.licence) for p in SHIPPED}
    assert (HTMX.name, HTMX.version) == ("htmx.org", "4.0.1")


@pytest.mark.parametrize("package", SHIPPED, ids=lambda package: package.name)
def test_licence_is_one_we_may_ship_and_its_text_lies_beside(package):
    assert package.licence in ALLOWED_LICENCES
    text = (VENDOR / build.licence_path(package)).read_text()
    assert WORDS_OF_LICENCE[package.licence] in " ".join(text.split())


WORDY = [t for t in TARGETS if not t.file.endswith((".woff2", ".svg"))]


@pytest.mark.parametrize("target", WORDY, ids=lambda target: target.file)
def test_each_file_with_room_for_words_names_its_version(target):
    text = (VENDOR / target.file).read_text()
    assert target.sources[0].version in text


@pytest.mark.parametrize("path", [*SCRIPTS, *SHEETS], ids=relative)
def test_nothing_points_outside(path):
    """No source map to fetch and nothing loaded from another host (trap 12)."""
    text = path.read_text()
    assert "sourceMappingURL" not in text
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", text)
    assert not re.search(r"\bimport\s*\(?\s*[\"']https?:", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_scripts_do_not_evaluate_text(path):
    """Strict policy: no unsafe-eval. htmx keeps its own constructor for hx-on only."""
    text = path.read_text()
    assert not re.search(r"(?<![\w.$])eval\(", text)
    assert not re.search(r"new Function\(", text)


def test_kit_lies_in_its_own_layer():
    sheet = (VENDOR / "tabler" / "tabler.min.css").read_text()
    assert re.match(r"/\*!.*?\*/\n@layer kit\{", sheet, re.DOTALL)


def test_a_sheet_is_wrapped_whole_and_keeps_its_banner():
    given = (
        '@charset "UTF-8";/*! Kit v1 */\na{color:red}\n/*# sourceMappingURL=a.map */'
    )
    assert build.in_layer(given) == "/*! Kit v1 */\n@layer kit{a{color:red}}\n"
    assert build.in_layer("b{}") == "@layer kit{b{}}\n"


@pytest.mark.parametrize(
    ("version", "licence"), [("4.0.2", "BSD-0-Clause"), ("4.0.1", "MIT")]
)
def test_another_version_or_licence_is_refused(tmp_path, version, licence):
    description = tmp_path / "package.json"
    description.write_text(json.dumps({"version": version, "license": licence}))
    with pytest.raises(fetch.WrongPackage, match=r"wanted 4\.0\.1 under 0BSD"):
        fetch.check(HTMX, description)


def test_the_pinned_version_and_licence_are_accepted(tmp_path):
    description = tmp_path / "package.json"
    description.write_text(json.dumps({"version": "4.0.1", "license": "BSD-0-Clause"}))
    fetch.check(HTMX, description)


def symbols():
    sprite = ET.parse(VENDOR / "icons" / "sprite.svg").getroot()  # noqa: S314
    return [symbol.attrib["id"] for symbol in sprite]


def test_sprite_holds_the_listed_icons():
    assert symbols() == sorted(set(icons.NAMES))


ICON = re.compile(r'"ui/icon\.html" with [^%]*?name="([^"]+)"')
ICON_GIVEN_ON = re.compile(r'include "ui/\w+\.html" with [^%]*?\bicon="([^"]+)"')


def test_every_icon_of_a_template_is_in_the_sprite():
    used = {
        name
        for template in TEMPLATES
        for pattern in (ICON, ICON_GIVEN_ON)
        for name in pattern.findall(template.read_text())
    }
    assert {"x", "home"} <= used
    assert used - set(symbols()) == set()


STATIC = re.compile(r'{% static "([^"]+)" %}|"/static/([^"]+)"')
RESOURCE = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)")


def test_every_static_file_of_a_template_exists():
    missing = [
        f"{relative(template)}: {name}"
        for template in TEMPLATES
        for name in map("".join, STATIC.findall(template.read_text()))
        if not finders.find(name)
    ]
    assert missing == []


def test_every_file_of_our_sheets_exists():
    missing = [
        f"{relative(sheet)}: {name}"
        for sheet in APP.glob("*.css")
        for name in RESOURCE.findall(sheet.read_text())
        if not (sheet.parent / name).is_file()
    ]
    assert missing == []


def test_every_sheet_and_module_of_ours_is_loaded():
    """errors.css is for the pages that stand alone; charts.js fetches its parts."""
    loaded = {
        "".join(found)
        for template in TEMPLATES
        for found in STATIC.findall(template.read_text())
    }
    ours = {f"app/{p.name}" for p in [*APP.glob("*.css"), *MODULES]}
    assert ours - loaded == set()


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_modules_import_nothing_by_name(module):
    """Hashed file names are known to templates only; app.js says how modules talk."""
    named = re.compile(r"^\s*(import|export)\b.*\bfrom\b", re.MULTILINE)
    assert not named.search(module.read_text())


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_modules_write_no_markup_and_no_style_attribute(module):
    text = module.read_text()
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|setAttribute\(\s*[\"']style"
    assert not re.search(forbidden, text)
    assert not re.search(r"localStorage|sessionStorage", text)


HOSTS = re.compile(r"registry\.(npmjs|yarnpkg)|pypi\.org|files\.pythonhosted")
LOCK_FILES = {"package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"}


def test_no_lock_file_and_no_registry_is_named():
    texts = [
        p
        for folder in (VENDOR, APP, ROOT / "tools")
        for p in folder.rglob("*")
        if p.suffix in {".py", ".js", ".json", ".css", ".txt"}
    ]
    assert len(texts) > len(ENTRIES)
    assert [relative(p) for p in texts if HOSTS.search(p.read_text())] == []
    assert [relative(p) for p in ROOT.glob("*") if p.name in LOCK_FILES] == []
    assert [
        relative(p) for p in (ROOT / "tools").rglob("*") if p.name in LOCK_FILES
    ] == []
