"""Turn installed packages into the files under ``static/vendor``."""

import re
import shutil
import subprocess
from pathlib import Path

from tools.vendor import icons
from tools.vendor.packages import (
    CHARTS,
    DROPDOWN,
    HTMX,
    HTMX_FILE,
    ICON_SPRITE,
    ICONS,
    INTER,
    INTER_LATIN,
    INTER_LATIN_EXT,
    SHIPPED,
    TABLER,
    TABLER_CSS,
    Package,
    Target,
)

TOOLS = Path(__file__).parents[1]
CHARTS_ENTRY = TOOLS / "charts" / "charts.js"
DROPDOWN_ENTRY = TOOLS / "vendor" / "entries" / "dropdown.js"
SOURCE_MAP = re.compile(r"^\s*(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)
MIT_TEXT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def build(modules: Path, out: Path) -> None:
    """Write every target and licence text to ``out``, from ``node_modules``."""
    for target in (HTMX_FILE, TABLER_CSS, ICON_SPRITE, INTER_LATIN, INTER_LATIN_EXT):
        (out / target.file).parent.mkdir(parents=True, exist_ok=True)
    htmx = modules / HTMX.name / "dist" / "htmx.min.js"
    (out / HTMX_FILE.file).write_text(_without_source_map(htmx.read_text()))
    sheet = modules / TABLER.name / "dist" / "css" / "tabler.min.css"
    (out / TABLER_CSS.file).write_text(in_layer(sheet.read_text()))
    outline = modules / ICONS.name / "icons" / "outline"
    (out / ICON_SPRITE.file).write_text(icons.sprite(outline))
    for font in (INTER_LATIN, INTER_LATIN_EXT):
        shutil.copyfile(
            modules / INTER.name / "files" / Path(font.file).name, out / font.file
        )
    _bundle(modules, CHARTS_ENTRY, out, CHARTS, module_format="esm")
    _bundle(modules, DROPDOWN_ENTRY, out, DROPDOWN, module_format="iife")
    for package in SHIPPED:
        _write_licence(modules, package, out)


def licence_path(package: Package) -> str:
    """Where the text of a package's licence lies, relative to the vendor folder."""
    return f"licences/{package.name.replace('@', '').replace('/', '-')}.txt"


def in_layer(sheet: str) -> str:
    """The kit's stylesheet inside the cascade layer ``kit``.

    Rules outside any layer win over it whatever their specificity, so our own small
    sheets never have to shout. ``@charset`` may not stand inside a layer.
    """
    rules = _without_source_map(sheet).replace('@charset "UTF-8";', "").strip()
    banner = ""
    if rules.startswith("/*!"):
        banner, _, rules = rules.partition("*/")
        banner += "*/\n"
    return f"{banner}@layer kit{{{rules.strip()}}}\n"


def _without_source_map(text: str) -> str:
    return SOURCE_MAP.sub("", text).rstrip() + "\n"


def _bundle(
    modules: Path, entry: Path, out: Path, target: Target, *, module_format: str
) -> None:
    credits_ = ", ".join(f"{p.name} {p.version} ({p.licence})" for p in target.sources)
    # Run from where the packages lie, on a copy of the entry: esbuild looks for
    # packages in the folders above the file that asks for them.
    copy = modules.parent / entry.name
    shutil.copyfile(entry, copy)
    subprocess.run(
        [
            modules / "esbuild" / "bin" / "esbuild",
            copy,
            "--bundle",
            "--minify",
            f"--format={module_format}",
            "--target=es2022",
            "--legal-comments=none",
            "--log-level=warning",
            f"--banner:js=/*! {credits_} */",
            f"--outfile={out / target.file}",
        ],
        cwd=modules.parent,
        check=True,
    )


def _write_licence(modules: Path, package: Package, out: Path) -> None:
    path = out / licence_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = modules / package.name
    if package.licence_file:
        text = (folder / package.licence_file).read_text()
    else:
        banner = (folder / str(package.banner)).read_text()[:2000]
        lines = re.findall(r"Copyright .*", banner)
        text = MIT_TEXT.format(copyright="\n".join(dict.fromkeys(lines)))
    notice = folder / "NOTICE"
    if notice.is_file():
        text += "\n" + notice.read_text()
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")
