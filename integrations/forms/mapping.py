"""How the columns of one file are read."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.kernel.places import time_zones
from integrations.domain.kinds import Kind, Target, Type, kind_of
from integrations.forms.widgets import PlainSelect
from integrations.forms.words import label_of
from integrations.models import Load
from integrations.queries.heads import Head

SHOWN_COLUMNS = 200
_HABITS = ("time_zone", "country", "slashes", "decimal_mark")
_SAMPLES = 3
_SAMPLE_CHARACTERS = 40
_ONE_FOR_ALL = {Type.CHOICE, Type.COUNTRY, Type.CURRENCY, Type.LANGUAGE, Type.FLAG}
_ONE_FOR_ALL_TOO = {
    *("external_system", "source", "segment", "campaign", "owner", "industry"),
    *("reason", "lost_reason", "actor", "category", "day"),
}


class MappingForm(forms.Form):
    """One choice for each column, one value for each target that may have one for all.

    Fields of columns are called ``column-0`` and so on in the order of the file, those
    of values ``value-`` and the target.
    """

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=PlainSelect,
        help_text=_("Of dates and times that do not say theirs."),
    )
    country = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        label=_("Country"),
        required=False,
        help_text=_("Of phone numbers without one. Two letters: RO, PL."),
        widget=forms.TextInput(attrs={"maxlength": 2, "autocomplete": "off"}),
    )
    slashes = forms.ChoiceField(
        label=_("In 05/03/2026 comes first"),
        required=False,
        choices=[("", _("Not said")), ("day", _("The day")), ("month", _("The month"))],
        help_text=_("Not said: rows with such dates are rejected."),
    )
    decimal_mark = forms.ChoiceField(
        label=_("1,234 or 1.234 means"),
        required=False,
        choices=[
            ("", _("Not said")),
            (".", _("Decimals after a point")),
            (",", _("Decimals after a comma")),
        ],
        help_text=_("Not said: rows with such numbers are rejected."),
    )
    live = forms.ChoiceField(
        label=_("What this file is"),
        choices=[
            (
                "history",
                _(
                    "History: what happened is written down; no clock starts and "
                    "nobody is notified."
                ),
            ),
            (
                "live",
                _(
                    "Live: what happened within the last 24 hours also starts its "
                    "clocks, as if entered by hand."
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, load: Load, head: Head | None, data: QueryDict | None = None
    ) -> None:
        self._load, self._kind = load, kind_of(load.kind)
        self._head = head
        super().__init__(data, initial=self._told())
        names = ["UTC", *sorted(name for name in time_zones() if "/" in name)]
        if load.time_zone not in names:
            names.insert(0, load.time_zone)
        self.fields["time_zone"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        for name, column in self._columns():
            self.fields[name] = self._column_field(column)
        for target in one_for_all(self._kind):
            self.fields[f"value-{target.name}"] = _value_field(target)

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Return the field of each column that is shown, with a few of its cells."""
        cells = (
            [cells for _, cells, bad in self._head.rows if not bad]
            if self._head
            else []
        )
        return [
            (self[name], _samples(place, cells))
            for place, (name, _) in enumerate(self._columns())
        ]

    def columns_left(self) -> int:
        """Return how many columns are not shown, because there are too many."""
        return max(len(self._load.header) - SHOWN_COLUMNS, 0)

    def values(self) -> list[forms.BoundField]:
        """Return the fields for values that stand in no column."""
        return [self[name] for name in self.fields if name.startswith("value-")]

    def has_values(self) -> bool:
        """Tell whether any of those is filled."""
        return any(field.value() for field in self.values())

    def wanted(self) -> dict[str, Any]:
        """Return how the file is to be read: what `loads.Wanted` is made of."""
        data = self.cleaned_data
        maps = [
            f"{data[name]}={column}" for name, column in self._columns() if data[name]
        ]
        out = [column for name, column in self._columns() if not data[name]]
        defaults = [
            f"{name.removeprefix('value-')}={value}"
            for name, value in data.items()
            if name.startswith("value-") and value
        ]
        return {
            "kind": self._load.kind,
            "maps": maps,
            "defaults": defaults,
            "leave_out": [*out, *self._load.header[SHOWN_COLUMNS:]],
            "live": data["live"] == "live",
            **{name: data[name] for name in _HABITS},
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def _columns(self) -> Iterator[tuple[str, str]]:
        for place, column in enumerate(islice(self._load.header, SHOWN_COLUMNS)):
            yield f"column-{place}", column

    def _column_field(self, column: str) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=column,
            required=False,
            widget=PlainSelect,
            choices=[
                ("", _("Leave out")),
                *((target.name, label_of(target)) for target in self._kind.targets),
            ],
        )

    def _told(self) -> dict[str, object]:
        load = self._load
        fills = {
            column: target
            for target, _, column in (
                text.partition("=") for text in reversed(load.maps)
            )
        }
        values = (text.partition("=") for text in load.defaults)
        return {
            **{name: fills.get(column, "") for name, column in self._columns()},
            **{f"value-{target}": value for target, _, value in values},
            "time_zone": load.time_zone,
            "country": load.country,
            "slashes": load.slashes,
            "decimal_mark": load.decimal_mark,
            "live": "live" if load.live else "history",
        }


def one_for_all(kind: Kind) -> list[Target]:
    """Return the targets for which one value may hold in all rows of a file."""
    return [
        target
        for target in kind.targets
        if target.type in _ONE_FOR_ALL or target.name in _ONE_FOR_ALL_TOO
    ]


def _value_field(target: Target) -> forms.Field:
    label = label_of(target)
    if target.type == Type.CHOICE:
        words = [(value, value.replace("_", " ")) for value in target.choices]
        choices = [("", _("Nothing")), *words]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    if target.type == Type.FLAG:
        answers = [("", _("Nothing")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=label, required=False, choices=answers)
    return forms.CharField(
        label=label,
        required=False,
        max_length=min(target.limit, 200),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _samples(place: int, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the first different cells of a column that are not blank, cut short."""
    found = dict.fromkeys(text for row in rows if (text := row[place].strip()))
    return [_cut(text) for text in islice(found, _SAMPLES)]


def _cut(text: str) -> str:
    short = " ".join(text.split())
    if len(short) <= _SAMPLE_CHARACTERS:
        return short
    return f"{short[: _SAMPLE_CHARACTERS - 1]}…"
