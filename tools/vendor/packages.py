"""Which packages, at which exact version, under which licence, give which files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """One package: its pin, its licence, and the file that holds the licence's text.

    ``licence_file`` is ``None`` where the package ships no text of its own; then the
    text is written from the copyright lines of ``banner``, a file inside the package.
    """

    name: str
    version: str
    licence: str
    licence_file: str | None = "LICENSE"
    banner: str | None = None


HTMX = Package("htmx.org", "4.0.1", "0BSD")
TABLER = Package(
    "@tabler/core", "1.6.1", "MIT", licence_file=None, banner="dist/css/tabler.css"
)
POPPER = Package("@popperjs/core", "2.11.8", "MIT", licence_file="LICENSE.md")
ICONS = Package("@tabler/icons", "3.51.0", "MIT")
INTER = Package("@fontsource-variable/inter", "5.3.0", "OFL-1.1")
ECHARTS = Package("echarts", "6.1.0", "Apache-2.0")
ZRENDER = Package("zrender", "6.1.0", "BSD-3-Clause")
TSLIB = Package("tslib", "2.3.0", "0BSD", licence_file="LICENSE.txt")

SHIPPED = [HTMX, TABLER, POPPER, ICONS, INTER, ECHARTS, ZRENDER, TSLIB]

BUILDER = "esbuild"
BUILDER_VERSION = "0.28.2"

# The spellings some packages use for a licence that SPDX names otherwise.
LICENCE_NAMES = {"BSD-0-Clause": "0BSD"}


@dataclass(frozen=True)
class Target:
    """One vendored file and the packages its content comes from, the main one first."""

    file: str
    sources: tuple[Package, ...]


HTMX_FILE = Target("htmx/htmx.min.js", (HTMX,))
TABLER_CSS = Target("tabler/tabler.min.css", (TABLER,))
DROPDOWN = Target("tabler/dropdown.min.js", (TABLER, POPPER))
ICON_SPRITE = Target("icons/sprite.svg", (ICONS,))
INTER_LATIN = Target("inter/inter-latin-wght-normal.woff2", (INTER,))
INTER_LATIN_EXT = Target("inter/inter-latin-ext-wght-normal.woff2", (INTER,))
CHARTS = Target("echarts/echarts.min.js", (ECHARTS, ZRENDER, TSLIB))

TARGETS = [
    HTMX_FILE,
    TABLER_CSS,
    DROPDOWN,
    ICON_SPRITE,
    INTER_LATIN,
    INTER_LATIN_EXT,
    CHARTS,
]
