"""Clauses as the contract says them: values in bold to read, or as inputs to change.

Both say the same sentence in the reader's language; only what stands for a value
differs.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, override

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.queries.words.labels import FIELDS
from sla.domain.agreement_form import FILLED_FIELDS, PERIODS, RETENTION_PERIODS
from sla.enums import ClauseKind

_HOUR = 60
_PLURALS: dict[str, Callable[[int], str]] = {
    "attempts": lambda n: ngettext("%(n)s attempt", "%(n)s attempts", n),
    "channels": lambda n: ngettext("%(n)s channel", "%(n)s channels", n),
    "days": lambda n: ngettext("%(n)s business day", "%(n)s business days", n),
    "later": lambda n: ngettext("%(n)s day", "%(n)s days", n),
    "leads": lambda n: ngettext("%(n)s qualified lead", "%(n)s qualified leads", n),
    "hours": lambda n: ngettext("%(n)s business hour", "%(n)s business hours", n),
    "minutes": lambda n: ngettext("%(n)s business minute", "%(n)s business minutes", n),
}
PERIOD_WORDS: dict[str, Promise] = {
    "week": gettext_lazy("every week"),
    "month": gettext_lazy("every month"),
    "quarter": gettext_lazy("every quarter"),
    "year": gettext_lazy("every year"),
}
_VOLUME_WORTH = gettext_lazy(
    "Brings qualified leads worth {amount} {currency} {period}, each counted at"
    " {lead_value} {currency}."
)
_SENTENCES: dict[str, Promise] = {
    ClauseKind.FIRST_RESPONSE: gettext_lazy(
        "Makes first contact within {time} of a lead becoming qualified."
    ),
    ClauseKind.ACCEPTANCE: gettext_lazy(
        "Accepts or refuses each qualified lead within {time}, with a reason from our"
        " list. Silence counts as accepted, and as late."
    ),
    ClauseKind.DISPOSITION: gettext_lazy(
        "Takes an accepted lead further, or gives it back, within {time}."
    ),
    ClauseKind.FOLLOW_UP: gettext_lazy(
        "Makes at least {attempts} over at least {channels} within {days}, unless the"
        " lead is reached before."
    ),
    ClauseKind.VOLUME: gettext_lazy("Brings at least {leads} {period}."),
    ClauseKind.FLOW: gettext_lazy(
        "Hands over no more than {leads} for each working rep and day. What comes above"
        " waits, and its clock starts when its turn comes."
    ),
    ClauseKind.QUALITY: gettext_lazy(
        "Of the qualified leads, sales accepts at least {accepted}, and at least"
        " {to_sql} become sales qualified within {later}."
    ),
    ClauseKind.COMPLETENESS: gettext_lazy(
        "Hands leads over with these really filled in: {fields}."
    ),
    ClauseKind.ANSWER: gettext_lazy(
        "Whoever is asked for feedback or content answers within {time}."
    ),
    ClauseKind.DECISION: gettext_lazy(
        "Decides an open question within {time} of being asked."
    ),
    ClauseKind.KEEPING: gettext_lazy(
        "We keep at least {retained} of our customers {period}. A complaint or a sign"
        " of leaving is answered within {time}."
    ),
}


class Bold:
    """Writes the values of a clause in bold."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said

    def count(self, name: str, words: str = "") -> SafeString:
        """Write a number with what it counts, in its plural form."""
        n = self.said[name]
        return self.whole(counted(words or name, n, self.number(n)))

    def time(self) -> SafeString:
        """Write the business time, in hours where it is whole hours."""
        minutes = self.said["minutes"]
        word = "minutes" if minutes % _HOUR else "hours"
        n = minutes if minutes % _HOUR else minutes // _HOUR
        return self.whole(counted(word, n, self.number(n)))

    def share(self, name: str) -> SafeString:
        """Write a share as a percentage."""
        return self.whole(format_html("{} %", percent_of(self.said[name])))

    def word(self, name: str, words: Mapping[str, Promise]) -> SafeString:
        """Write one of a few words."""
        return self.whole(words.get(self.said[name], ""))

    def plain(self, name: str) -> SafeString:
        """Write a value as it is."""
        return self.whole(self.said[name])

    def fields(self) -> SafeString:
        """Write the names of fields of leads."""
        names = (str(FIELDS[name]) for name in self.said["fields"])
        return self.whole(", ".join(names))

    def number(self, n: int) -> str:
        """Write a bare number."""
        return number_format(n)

    def whole(self, text: object) -> SafeString:
        """Write a value with its unit."""
        return format_html("<b>{}</b>", text)


class Inputs(Bold):
    """Writes the values of a clause as inputs, named below ``at``."""

    def __init__(self, said: Mapping[str, Any], at: str) -> None:
        super().__init__(said)
        self.at = at

    @override
    def count(self, name: str, words: str = "") -> SafeString:
        said = self.said.get(name)
        n = said if isinstance(said, int) else 2
        return counted(words or name, n, self._input(name, said))

    @override
    def time(self) -> SafeString:
        said = self.said.get("minutes")
        by_hours = isinstance(said, int) and said > 0 and said % _HOUR == 0
        shown = said // _HOUR if isinstance(said, int) and by_hours else said
        units = {"hours": by_hours, "minutes": not by_hours}
        n = shown if isinstance(shown, int) else 2
        options = [
            (word, " selected" if chosen else "", unit(word, n))
            for word, chosen in units.items()
        ]
        return format_html(
            '{} <select class="rule-op" id="{}-unit" name="{}.unit" aria-label="{}">'
            "{}</select>",
            self._input("minutes", shown),
            self.at,
            self.at,
            _("Unit"),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )

    @override
    def share(self, name: str) -> SafeString:
        said = percent_of(self.said.get(name))
        return format_html("{} %", self._input(name, said, "decimal"))

    @override
    def word(self, name: str, words: Mapping[str, Promise]) -> SafeString:
        said = self.said.get(name)
        options = (
            (word, " selected" if word == said else "", label)
            for word, label in words.items()
        )
        return format_html(
            '<select class="rule-value" id="{0}-{1}" name="{0}.{1}" aria-label="{2}">'
            "{3}</select>",
            self.at,
            name,
            label_of(name),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )

    @override
    def plain(self, name: str) -> SafeString:
        return self._input(name, self.said.get(name), "text")

    @override
    def fields(self) -> SafeString:
        chosen = self.said.get("fields") or []
        boxes = (
            (self.at, name, " checked" if name in chosen else "", str(FIELDS[name]))
            for name in FILLED_FIELDS
        )
        shown = ", ".join(str(FIELDS[n]) for n in chosen if n in FIELDS)
        return format_html(
            '<details class="pick" id="{0}-fields"><summary>{1}</summary><fieldset'
            ' class="pick-in field"><legend>{2}</legend><div class="pick-list">{3}'
            "</div></fieldset></details>",
            self.at,
            shown or _("Choose…"),
            label_of("fields"),
            format_html_join(
                "",
                '<div><label><input type="checkbox" id="{0}-fields-{1}"'
                ' name="{0}.fields" value="{1}"{2}>{3}</label></div>',
                boxes,
            ),
        )

    def _input(self, name: str, value: object, mode: str = "numeric") -> SafeString:
        return format_html(
            '<input class="rule-value" type="text" inputmode="{}" maxlength="14"'
            ' autocomplete="off" id="{}-{}" name="{}.{}" value="{}" aria-label="{}">',
            mode,
            self.at,
            name,
            self.at,
            name,
            "" if value is None else value,
            label_of(name),
        )


def counted(words: str, n: int, shown: object) -> SafeString:
    """Return a number with what it counts; ``shown`` stands for the number."""
    return format_html(unit(words, n, "{}"), shown)


def unit(words: str, n: int, shown: str = "") -> str:
    """Return what is counted, in the plural form for ``n``, with ``shown`` for it."""
    return (_PLURALS[words](n) % {"n": shown}).strip()


def percent_of(share: object) -> str:
    """Write a share as the percentage that people type; what is none as it is."""
    try:
        return f"{(Decimal(str(share)) * 100).normalize():f}"
    except InvalidOperation:
        return "" if share is None else str(share)


LABELS: dict[str, Promise] = {
    "minutes": gettext_lazy("Business time"),
    "share": gettext_lazy("Agreed share in percent"),
    "attempts": gettext_lazy("Attempts"),
    "channels": gettext_lazy("Channels"),
    "days": gettext_lazy("Days"),
    "leads": gettext_lazy("Qualified leads"),
    "period": gettext_lazy("Period"),
    "amount": gettext_lazy("Amount"),
    "lead_value": gettext_lazy("Value of one lead"),
    "currency": gettext_lazy("Currency"),
    "accepted": gettext_lazy("Share accepted, in percent"),
    "to_sql": gettext_lazy("Share that becomes sales qualified, in percent"),
    "fields": gettext_lazy("Fields to be filled"),
    "retained": gettext_lazy("Share of customers kept, in percent"),
}


def label_of(name: str) -> str:
    """Return what a value is called."""
    return str(LABELS.get(name, name))


def sentence(said: Mapping[str, Any], show: Bold | None = None) -> SafeString:
    """Say a clause in its form as one sentence, its values shown by ``show``."""
    show = show or Bold(said)
    kind = said["kind"]
    worth = kind == ClauseKind.VOLUME and said.get("measure") == "value"
    told = str(_VOLUME_WORTH if worth else _SENTENCES[kind])
    return format_html(told, **_parts(kind, show, worth=worth))


def _parts(kind: str, show: Bold, *, worth: bool) -> dict[str, SafeString]:
    """Return what stands for the values of a kind of clause."""
    if worth:
        plain = ("amount", "lead_value", "currency")
        period = show.word("period", _words(PERIODS))
        return {"period": period, **{name: show.plain(name) for name in plain}}
    return {name: write(show) for name, write in _VALUES.get(kind, _TIME).items()}


def _words(periods: tuple[str, ...]) -> dict[str, Promise]:
    return {period: PERIOD_WORDS[period] for period in periods}


_TIME: dict[str, Callable[[Bold], SafeString]] = {"time": lambda show: show.time()}
_VALUES: dict[str, dict[str, Callable[[Bold], SafeString]]] = {
    ClauseKind.FOLLOW_UP: {
        "attempts": lambda show: show.count("attempts"),
        "channels": lambda show: show.count("channels"),
        "days": lambda show: show.count("days"),
    },
    ClauseKind.VOLUME: {
        "leads": lambda show: show.count("leads"),
        "period": lambda show: show.word("period", _words(PERIODS)),
    },
    ClauseKind.FLOW: {"leads": lambda show: show.count("leads")},
    ClauseKind.QUALITY: {
        "accepted": lambda show: show.share("accepted"),
        "to_sql": lambda show: show.share("to_sql"),
        "later": lambda show: show.count("days", "later"),
    },
    ClauseKind.COMPLETENESS: {"fields": lambda show: show.fields()},
    ClauseKind.KEEPING: {
        "retained": lambda show: show.share("retained"),
        "period": lambda show: show.word("period", _words(RETENTION_PERIODS)),
        **_TIME,
    },
}
"""What stands for the values in the sentence of each kind; the others say a time."""
