"""One condition in words: “company has at least 50 employees”."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.enums import Channel
from foundation.accounts.enums import Function
from leads.domain.criteria.fields import Type
from leads.domain.criteria.tree import FieldCondition, TouchCondition, Touches
from leads.enums import Direction, Stage, TouchType
from leads.queries.words import labels
from leads.queries.words.phrases import Phrase, one_of, say

_EMPLOYEES = "company.employees"


@dataclass(frozen=True)
class Names:
    """What the ids of campaigns and people stand for."""

    campaigns: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)

    def of(self, kind: str, pk: int) -> str:
        """Return the name of a campaign or an owner; its number where it is gone."""
        known = self.campaigns if kind == "campaign" else self.people
        return known.get(pk, f"#{pk}")


def field_condition(condition: FieldCondition, value: Any, names: Names) -> Phrase:  # noqa: ANN401
    """Say a comparison of a field; ``value`` is as it was written."""
    label = str(labels.FIELDS[condition.field.name])
    if condition.op in _THERE:
        return say(_THERE[condition.op], field=label)
    match condition.field.type:
        case Type.NUMBER if condition.field.name == _EMPLOYEES:
            return _EMPLOYED[condition.op](condition.value)
        case Type.NUMBER:
            return _number(label, condition)
        case Type.DATE:
            return _date(label, condition)
        case Type.FLAG:
            return say(_CONTACT[condition.value])
        case _:
            return _text(label, condition, value, names)


_THERE: dict[str, Promise] = {
    "present": gettext_lazy("*%(field)s is known*"),
    "missing": gettext_lazy("*%(field)s is not known*"),
}
_CONTACT: dict[bool, Promise] = {
    True: gettext_lazy("*wishes not to be contacted*"),
    False: gettext_lazy("*may be contacted*"),
}
_TEXT: dict[str, Promise] = {
    "is": gettext_lazy("%(field)s is *%(value)s*"),
    "is_not": gettext_lazy("%(field)s is known and not *%(value)s*"),
    "in": gettext_lazy("%(field)s is *%(value)s*"),
    "not_in": gettext_lazy("%(field)s is known and not *%(value)s*"),
    "contains": gettext_lazy("%(field)s contains *%(value)s*"),
    "starts_with": gettext_lazy("%(field)s begins with *%(value)s*"),
    "ends_with": gettext_lazy("%(field)s ends with *%(value)s*"),
}
_ALWAYS_KNOWN: dict[str, Promise] = {
    "not_in": gettext_lazy("%(field)s is not *%(value)s*"),
}
_FREE_MAIL: dict[bool, Promise] = {
    True: gettext_lazy("%(field)s is *at a free-mail provider*"),
    False: gettext_lazy("%(field)s is *not at a free-mail provider*"),
}
_PARTS = {"contains", "starts_with", "ends_with"}


def _text(
    label: str,
    condition: FieldCondition,
    value: Any,  # noqa: ANN401
    names: Names,
) -> Phrase:
    if condition.op == "is_free_mail":
        return say(_FREE_MAIL[condition.value], field=label)
    values = list(value) if isinstance(value, list | tuple) else [value]
    match condition.field.type:
        case Type.REFERENCE:
            kind = condition.field.column
            told = [names.of(kind, pk) for pk in values]
        case Type.CHOICE:
            told = [str(Stage(each).label) for each in values]
        case Type.COUNTRY:
            told = [str(each).upper() for each in values]
        case _:
            told = [quoted(each) if condition.op in _PARTS else each for each in values]
    template = _TEXT[condition.op]
    if condition.field.type == Type.CHOICE:
        template = _ALWAYS_KNOWN.get(condition.op, template)
    return say(template, field=label, value=one_of(told))


def quoted(text: str) -> str:
    """Put a text into the quotation marks of the language."""
    return _("“%(text)s”") % {"text": text}


def _fill(template: str, n: int, **values: str) -> Phrase:
    return say(template, n=number_format(n), **values)


def _employees_between(pair: Sequence[int]) -> Phrase:
    low, high = pair
    template = ngettext(
        "company has *%(low)s to %(n)s employee*",
        "company has *%(low)s to %(n)s employees*",
        high,
    )
    return _fill(template, high, low=number_format(low))


_EMPLOYED: dict[str, Callable[[Any], Phrase]] = {
    "is": lambda n: _fill(
        ngettext(
            "company has *exactly %(n)s employee*",
            "company has *exactly %(n)s employees*",
            n,
        ),
        n,
    ),
    "at_least": lambda n: _fill(
        ngettext(
            "company has *at least %(n)s employee*",
            "company has *at least %(n)s employees*",
            n,
        ),
        n,
    ),
    "at_most": lambda n: _fill(
        ngettext(
            "company has *at most %(n)s employee*",
            "company has *at most %(n)s employees*",
            n,
        ),
        n,
    ),
    "between": _employees_between,
}
_NUMBER: dict[str, Promise] = {
    "is": gettext_lazy("%(field)s is *%(n)s*"),
    "at_least": gettext_lazy("%(field)s is *at least %(n)s*"),
    "at_most": gettext_lazy("%(field)s is *at most %(n)s*"),
    "between": gettext_lazy("%(field)s is *between %(low)s and %(n)s*"),
}


def _number(label: str, condition: FieldCondition) -> Phrase:
    template = str(_NUMBER[condition.op])
    if condition.op == "between":
        low, high = condition.value
        return _fill(template, high, low=number_format(low), field=label)
    return _fill(template, condition.value, field=label)


def _date(label: str, condition: FieldCondition) -> Phrase:
    value = condition.value
    if condition.op == "within_days":
        return say(
            _("%(field)s lies *%(window)s*"), field=label, window=window_of(value)
        )
    if condition.op == "older_than_days":
        template = ngettext(
            "%(field)s lies *more than %(n)s day ago*",
            "%(field)s lies *more than %(n)s days ago*",
            value,
        )
        return _fill(template, value, field=label)
    templates = {
        "on_or_after": _("%(field)s lies *on %(day)s or later*"),
        "before": _("%(field)s lies *before %(day)s*"),
    }
    return say(templates[condition.op], field=label, day=day_of(value))


def day_of(value: date) -> str:
    """Write a day out."""
    return date_format(value, "DATE_FORMAT")


def window_of(days: int) -> str:
    """Say how long ago something may be: “in the last 30 days”."""
    if days == 0:
        return _("today")
    template = ngettext("in the last %(n)s day", "in the last %(n)s days", days)
    return template % {"n": number_format(days)}


# Behaviour


def touch_condition(condition: TouchCondition, names: Names) -> Phrase:
    """Say how often, or how long ago, such touches were."""
    touches, n = condition.touches, condition.value
    narrowed = narrowing(touches, names)
    match condition.op:
        case "at_most" if n == 0:
            told = str(_never(touches))
        case "at_least" if n == 1:
            told = done(touches)
        case "at_least":
            template = ngettext("at least %(n)s time", "at least %(n)s times", n)
            told = f"{done(touches)} {template % {'n': number_format(n)}}"
        case "at_most":
            template = ngettext("at most %(n)s time", "at most %(n)s times", n)
            told = f"{done(touches)} {template % {'n': number_format(n)}}"
        case "last_within_days":
            told = f"{done(touches)} {window_of(n)}"
        case _:
            template = ngettext(
                "%(done)s, the last time more than %(n)s day ago",
                "%(done)s, the last time more than %(n)s days ago",
                n,
            )
            told = template % {"done": done(touches), "n": number_format(n)}
    if condition.within_days is not None:
        told = f"{told} {window_of(condition.within_days)}"
    return say("*%(told)s*%(narrowed)s", told=told, narrowed=narrowed)


def each_touch(touches: Touches, names: Names) -> Phrase:
    """Say for which touches points are given: “came to a webinar, each time”."""
    return say(
        _("*%(done)s*%(narrowed)s, each time"),
        done=done(touches),
        narrowed=narrowing(touches, names),
    )


def done(touches: Touches) -> str:
    """Say what happened with such a touch."""
    match touches.types:
        case ():
            return str(labels.ANY_TOUCH)
        case (kind,):
            return str(labels.TOUCHED[kind])
        case kinds:
            return _several(labels.SOME_TOUCH, kinds)


def _never(touches: Touches) -> str:
    match touches.types:
        case ():
            return str(labels.NO_TOUCH)
        case (kind,):
            return str(labels.NEVER_TOUCHED[kind])
        case kinds:
            return _several(labels.NO_SUCH_TOUCH, kinds)


def _several(told: Promise, kinds: Sequence[str]) -> str:
    named = one_of(str(TouchType(kind).label).lower() for kind in kinds)
    return _("%(done)s (%(kinds)s)") % {"done": told, "kinds": named}


def narrowing(touches: Touches, names: Names) -> str:
    """Say which of these touches only; blank where all of them count."""
    parts = []
    if touches.channels:
        channels = one_of(str(Channel(each).label) for each in touches.channels)
        parts.append(_("channel: %(names)s") % {"names": channels})
    if touches.campaigns:
        campaigns = one_of(names.of("campaign", pk) for pk in touches.campaigns)
        parts.append(_("campaign: %(names)s") % {"names": campaigns})
    if touches.direction:
        parts.append(str(Direction(touches.direction).label).lower())
    if touches.team:
        team = str(Function(touches.team).label)
        parts.append(_("team: %(name)s") % {"name": team})
    if touches.automatic is not None:
        parts.append(_("automatic") if touches.automatic else _("by a person"))
    return f" ({'; '.join(parts)})" if parts else ""
