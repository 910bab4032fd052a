"""Coded values of meetings put into the reader's words."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.domain.registry import REGISTRY
from leads.enums import Stage
from meetings.enums import ItemKind
from meetings.models import AgendaItem


def title(item: AgendaItem) -> str:
    """Return what an item is called."""
    return _TITLES[ItemKind(item.kind)](item)


def _result(item: AgendaItem) -> str:
    return _("Our result")


def _moved(item: AgendaItem) -> str:
    kpi = REGISTRY.get(item.params["kpi"])
    name = kpi.name if kpi else item.params["kpi"]
    return _("What moved most: %(name)s") % {"name": name}


def _bottleneck(item: AgendaItem) -> str:
    before = Stage(item.params["stage"]).label
    after = Stage(item.params["to_stage"]).label
    return _("Between %(before)s and %(after)s") % {"before": before, "after": after}


def _promises(item: AgendaItem) -> str:
    n, exceptions = item.params["n"], item.params["exceptions"]
    late = ngettext("%(n)d past the agreed time", "%(n)d past the agreed time", n) % {
        "n": n
    }
    if not n:
        late = _("Nothing past the agreed time")
    if not exceptions:
        return late
    left_out = ngettext("%(n)d exception", "%(n)d exceptions", exceptions)
    return f"{late}, {left_out % {'n': exceptions}}"


def _helped(item: AgendaItem) -> str:
    words = item.decision.text if item.decision else ""
    return _("Did it help? %(decision)s") % {"decision": words}


def _topic(item: AgendaItem) -> str:
    return item.text


def _actions(item: AgendaItem) -> str:
    n = item.params["n"]
    return ngettext("%(n)d open action", "%(n)d open actions", n) % {"n": n}


def _documents(item: AgendaItem) -> str:
    n = item.params["n"]
    words = ngettext(
        "%(n)d document to sign or review", "%(n)d documents to sign or review", n
    )
    return words % {"n": n}


_TITLES: dict[ItemKind, Callable[[AgendaItem], str]] = {
    ItemKind.RESULT: _result,
    ItemKind.MOVED: _moved,
    ItemKind.BOTTLENECK: _bottleneck,
    ItemKind.PROMISES: _promises,
    ItemKind.HELPED: _helped,
    ItemKind.TOPIC: _topic,
    ItemKind.DOCUMENTS: _documents,
    ItemKind.ACTIONS: _actions,
}


def when(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: today 10:00, tomorrow 10:00, Monday 10:00.

    In the reader's time zone; further than six days away with its date.
    """
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    hour, days = date_format(local, "H:i"), (local.date() - today).days
    if days == 0:
        return _("today %(time)s") % {"time": hour}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": hour}
    if 1 < days < 7:
        return f"{date_format(local, 'l')} {hour}"
    return f"{date_format(local, 'DATE_FORMAT')} {hour}"


def minutes(length: timedelta) -> str:
    """Return a length as minutes, at least one."""
    return _("%(n)d min") % {"n": max(1, round(length.total_seconds() / 60))}
