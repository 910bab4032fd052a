"""A version of the agreement as it is read: parts, clauses, rules; two side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.models import Team
from foundation.documents.domain import Line, differences
from foundation.documents.models import Version
from sla.enums import BINDS, ClauseKind, EscalationStep, PauseReason, Side
from sla.models import Calendar
from sla.views import contract, working_hours
from sla.views.wording import percent, time

PARTS: dict[Side, Promise] = {
    Side.BOTH: gettext_lazy("For both"),
    Side.SALES: gettext_lazy("Sales"),
    Side.MARKETING: gettext_lazy("Marketing"),
    Side.LEADERSHIP: gettext_lazy("Leadership"),
}

type Form = Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """One part of the document, line by line."""

    title: str | Promise
    lines: list[Line]

    @property
    def is_same(self) -> bool:
        return all(line.kind == "same" for line in self.lines)


def in_order(clauses: Sequence[Form]) -> list[tuple[int, Form]]:
    """Return clauses as they are read, part after part, each with its place."""
    sides = list(PARTS)
    return sorted(
        enumerate(clauses),
        key=lambda each: sides.index(BINDS[ClauseKind(each[1]["kind"])]),
    )


def document(form: Form) -> dict[str, Any]:
    """Return the text of a version for `sla/agreement_document.html`."""
    read = list(enumerate(in_order(form["clauses"]), 1))
    return {
        "parts": [
            {
                "side": side.value,
                "label": label,
                "clauses": [
                    _clause(number, clause)
                    for number, (_place, clause) in read
                    if BINDS[ClauseKind(clause["kind"])] == side
                ],
            }
            for side, label in PARTS.items()
            if any(BINDS[ClauseKind(c["kind"])] == side for _, (_p, c) in read)
        ],
        "rules": rules(form),
        "weeks": working_hours.weeks([_hours(each) for each in form["calendars"]]),
    }


def _clause(number: int, clause: Form) -> dict[str, Any]:
    return {
        "number": number,
        "sentence": said(clause),
        "narrowing": narrowing(clause),
        "share": percent(Decimal(clause["share"])) if "share" in clause else "",
    }


def said(clause: Form) -> str:
    """Say a clause: in its own words where it has some, with the sentence after."""
    if clause["text"]:
        return format_html("{} {}", clause["text"], contract.sentence(clause))
    return contract.sentence(clause)


def narrowing(clause: Form) -> list[str]:
    """Say for which leads only a clause is meant; nothing where it is for all."""
    found = [part for part in (clause["segment"], clause["source"]) if part]
    if clause["priority"] is not None:
        found.append(_("priority %(n)d") % {"n": clause["priority"]})
    return found


def _hours(written: Form) -> Calendar:
    """Return the hours written into a signed text as a calendar, for showing them."""
    team = Team(name=written["team_name"]) if written["team_name"] else None
    zone, weekly = written["time_zone"], written["weekly"]
    return Calendar(team=team, time_zone=zone, weekly=weekly)


def rules(form: Form) -> list[str]:
    """Say warnings, steps, pauses and what becomes of clocks that run."""
    return list(_rules(form))


def _rules(form: Form) -> Iterator[str]:
    warning = percent(Decimal(form["warning_share"]))
    yield _("Whoever has a lead is warned when %(share)s of the time is used.") % {
        "share": warning
    }
    for step in form["escalation"]:
        to = EscalationStep(step["to"]).label
        if step["minutes"]:
            after = time(step["minutes"] * 60)
            yield _("%(after)s past the agreed time it goes to %(to)s.") % {
                "after": after,
                "to": to,
            }
        else:
            yield _("Once the agreed time is past it goes to %(to)s.") % {"to": to}
    yield from _pauses(form["pauses"])
    if form["open_clocks"] == "recompute":
        yield _("Clocks that run as it takes effect are computed anew.")
    else:
        yield _("Clocks that run as it takes effect keep what they began with.")


def _pauses(pauses: Form) -> Iterator[str]:
    if not pauses["reasons"] or not pauses["most"]:
        yield _("Clocks never stand still.")
        return
    reasons = "; ".join(str(PauseReason(each).label) for each in pauses["reasons"])
    often = ngettext("%(n)s time", "%(n)s times", pauses["most"]) % {
        "n": pauses["most"]
    }
    days = contract.unit("later", pauses["days"], str(pauses["days"]))
    yield _(
        "A clock may stand still %(often)s, no more than %(days)s each: %(why)s."
    ) % {
        "often": often,
        "days": days,
        "why": reasons,
    }


def places(form: Form) -> dict[str, str]:
    """Return what can be commented on: each clause in words, by its pointer."""
    return {
        f"/clauses/{place}": strip_tags(contract.sentence(clause))
        for place, clause in in_order(form["clauses"])
    }


def compared(before: Version, after: Version) -> list[Compared]:
    """Compare two versions part by part."""
    pairs = zip(_compared(before), _compared(after), strict=True)
    return [
        Compared(title, differences(one, other)) for (title, one), (_t, other) in pairs
    ]


def _compared(version: Version) -> list[tuple[str | Promise, list[str]]]:
    form, prose = version.content, version.prose.splitlines()
    clauses = in_order(form["clauses"])
    return [
        (_("Name"), [version.title]),
        (_("In our own words"), prose or [_("nothing written")]),
        *(
            (label, [_line(c) for _p, c in clauses if BINDS[c["kind"]] == side])
            for side, label in PARTS.items()
        ),
        (_("Warnings and pauses"), rules(form)),
        (_("Hours"), _lines(form["calendars"])),
        (_("Days"), _days(version)),
    ]


def _line(clause: Form) -> str:
    parts = [strip_tags(said(clause))]
    if "share" in clause:
        share = percent(Decimal(clause["share"]))
        parts.append(_("Agreed for %(share)s of all cases.") % {"share": share})
    if only := narrowing(clause):
        parts.append(_("Only for:") + " " + " · ".join(only))
    return " ".join(parts)


def _lines(calendars: Sequence[Form]) -> list[str]:
    weeks = working_hours.weeks([_hours(each) for each in calendars])
    return [
        f"{', '.join(week.names)}: "
        + "; ".join(f"{days} {times}" for days, times in week.lines)
        + f" ({week.time_zone})"
        for week in weeks
    ]


def _days(version: Version) -> list[str]:
    moment = version.in_force_at or version.effective_at
    if moment is None:
        holds = _("Holds once both have signed.")
    else:
        day = date_format(localtime(moment), "DATE_FORMAT")
        holds = _("Holds from %(day)s.") % {"day": day}
    if version.review_on is None:
        return [holds]
    day = date_format(version.review_on, "DATE_FORMAT")
    return [holds, _("To be reviewed by %(day)s.") % {"day": day}]
