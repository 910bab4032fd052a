"""What a browser would send of a form on a page."""

from html.parser import HTMLParser
from typing import override


def sent_by(html: str, form: str = "builder-form") -> dict[str, list[str]]:
    """Return the values of a form by their names, as it stands on a page."""
    reader = _Form(form)
    reader.feed(html)
    return reader.data


class _Form(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.data: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.options: list[tuple[str, bool]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == self.form
        elif tag == "option" and self.select:
            self.options.append((found["value"], "selected" in found))
        elif self.inside or found.get("form") == self.form:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        if tag == "input":
            if found.get("type") != "checkbox" or "checked" in found:
                self._put(found["name"], found.get("value", ""))
        elif tag == "select":
            self.select, self.options = found["name"], []
        elif tag == "textarea":
            self.area = found["name"]
            self._put(self.area, "")

    @override
    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area][-1] += data

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            self._put(self.select, [*chosen, self.options[0][0]][0])
            self.select = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.inside = False

    def _put(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)
