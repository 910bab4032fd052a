"""The icons the product uses, gathered into one sprite."""

import xml.etree.ElementTree as ET
from pathlib import Path

SVG = "http://www.w3.org/2000/svg"
SIZED = {"width", "height", "class"}

NAMES = (Path(__file__).parent / "icons.txt").read_text().split()


def sprite(folder: Path) -> str:
    """One SVG whose symbols are the named outline icons of ``folder``."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in sorted(NAMES):
        root.append(_symbol(name, folder / f"{name}.svg"))
    return ET.tostring(root, encoding="unicode") + "\n"


def _symbol(name: str, source: Path) -> ET.Element:
    drawing = ET.parse(source).getroot()  # noqa: S314 (a pinned package's own file)
    kept = {k: v for k, v in drawing.attrib.items() if k not in SIZED}
    symbol = ET.Element(f"{{{SVG}}}symbol", {"id": name, **kept})
    symbol.extend(path for path in drawing if path.get("stroke") != "none")
    return symbol
