"""Promises in words: short ones for overviews, whole sentences for the agreement."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.enums import ClauseKind
from sla.models import Clause
from sla.views import contract

_HOUR, _MINUTE = 3600, 60
_SHORT = {
    ClauseKind.FIRST_RESPONSE: gettext_lazy("First contact within {time}"),
    ClauseKind.ACCEPTANCE: gettext_lazy("Accept or refuse within {time}"),
}
_KEEPING = gettext_lazy(
    "We keep the customers we win: a complaint or a sign of leaving is answered"
    " within {time}."
)


def words(clause: Clause) -> str:
    """Say a promise in short words, with its target in business time."""
    sentence = clause.text or str(_SHORT.get(ClauseKind(clause.kind), ""))
    if not sentence:
        sentence = str(clause.get_kind_display())
    parts = [sentence.replace("{time}", time(clause.target_seconds or 0))]
    return " · ".join(parts + narrowing(clause))


def sentence(clause: Clause) -> SafeString:
    """Say a promise as the agreement does, its target in bold."""
    target = clause.target_seconds
    bold = format_html("<b>{}</b>", time(target)) if target else ""
    if clause.text:
        return format_html("{} {}", clause.text, bold)
    if clause.kind == ClauseKind.KEEPING and "retained" not in clause.terms and bold:
        return format_html(str(_KEEPING), time=bold)
    if not (bold or clause.terms):
        return format_html("<b>{}</b>.", clause.get_kind_display())
    minutes = (target or 0) // _MINUTE
    return contract.sentence({"kind": clause.kind, "minutes": minutes, **clause.terms})


def narrowing(clause: Clause) -> list[str]:
    """Say for which leads only a promise is made; nothing where it is for all."""
    found = [part for part in (clause.segment, clause.source) if part]
    if clause.priority is not None:
        found.append(_("priority %(n)d") % {"n": clause.priority})
    return found


def time(seconds: int) -> str:
    """Write business time in whole hours where it is whole hours, else in minutes."""
    if seconds % _HOUR == 0:
        hours = seconds // _HOUR
        text = ngettext("%(n)s business hour", "%(n)s business hours", hours)
        return text % {"n": number_format(hours)}
    minutes = round(seconds / _MINUTE)
    text = ngettext("%(n)s business minute", "%(n)s business minutes", minutes)
    return text % {"n": number_format(minutes)}


def percent(share: Decimal | None) -> str:
    """Write a share as a whole percentage; blank without a value."""
    return "" if share is None else f"{number_format(round(share * 100))} %"


def some_percent(share: Decimal | None) -> str:
    """Write the share of something that occurs: the smallest is below 1 %, not 0 %."""
    return "< 1 %" if share and round(share * 100) == 0 else percent(share)
