from typing import Any, override

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_CHOSEN = mark_safe(" selected")


class PlainSelect(forms.Select):
    """A select without groups, written at once.

    A template for each option, which Django's own takes, makes a page with six hundred
    time zones and a list for each column half a second slow.
    """

    @override
    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, _CHOSEN if str(key) == chosen else "", label)
                for key, label in self.choices
            ),
        )
        about = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", about, options)
