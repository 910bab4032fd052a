"""Who is told of promises and exceptions, and in what words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.enums import Function, Role
from foundation.accounts.queries import people
from foundation.accounts.queries.people import Heads
from foundation.notifications.domain.registry import (
    About,
    Coded,
    Happened,
    Kind,
    Telling,
    Words,
    kind,
    tells,
    working_hours,
)
from leads.queries.names import called
from sla.actions import escalating
from sla.domain.ladder import HEAD, OWNER
from sla.enums import ClauseKind, ExcuseState
from sla.models import Clock, Excuse
from sla.queries.told import Case, cases
from sla.queries.working_hours import openings
from sla.rules import HEADS

NEW, WARNED, BREACHED = "sla.new", "sla.warned", "sla.breached"
ESCALATED, PROPOSED, DECIDED = "sla.escalated", "sla.proposed", "sla.decided"
_CLOCK, _EXCUSE = "sla.clock", "sla.excuse"
_SELLERS = {Role.SALES_REP, Role.HEAD_OF_SALES}
_SIDES = {*_SELLERS, Role.MARKETER, Role.HEAD_OF_MARKETING}
_WORDS = {
    ClauseKind.ACCEPTANCE: gettext_lazy("Accept or refuse"),
    ClauseKind.FIRST_RESPONSE: gettext_lazy("First contact"),
}

working_hours(openings)


@tells("sla.clock.started")
def new_leads(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell an owner of a qualified lead that waits for them; of two clocks, once."""
    found, _heads = cases({event.subject for event in events})
    first: dict[tuple[int, int], tuple[Happened, Case]] = {}
    for event in events:
        case = found[event.subject]
        key = (case.clock.lead_id, case.clock.round)
        if key not in first or case.clock.kind == ClauseKind.ACCEPTANCE:
            first[key] = event, case
    for event, case in first.values():
        owner = case.clock.owner_id
        if owner is not None and owner != event.actor and case.clock.waiting:
            cause = case.clock.lead_id * 1_000 + case.clock.round
            yield _telling(owner, NEW, cause, case.clock, case.clock.started_at)


@tells("sla.clock.warned")
def warned(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell whoever has a lead that most of the agreed time is used."""
    found, _heads = cases({event.subject for event in events})
    for event in events:
        case = found[event.subject]
        at = case.clock.warn_at or event.at
        for person in case.owners:
            yield _telling(person, WARNED, event.id, case.clock, min(at, event.at))


@tells("sla.clock.breached")
def breached(events: Sequence[Happened]) -> Iterable[Telling]:
    """Set the agreed steps up; each of them tells when it is due."""
    escalating.prepare([e.subject for e in events if not e.data.get("quiet")])
    return ()


@tells("sla.clock.escalated")
def escalated(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell the step's people: whoever has the lead, else the head; then those above.

    Who was told as the one who has it is not told again as the head.
    """
    found, heads = cases({event.subject for event in events})
    for event in events:
        case, to = found[event.subject], str(event.data["to"])
        name = BREACHED if to == OWNER else ESCALATED
        at = case.clock.breach_at if to == OWNER else event.at
        for person in _of_step(to, case, heads):
            yield _telling(person, name, case.clock.pk, case.clock, at, to=to)


def _of_step(to: str, case: Case, heads: Heads) -> list[int]:
    if to == OWNER:
        return case.owners
    above = case.heads if to == HEAD else heads.leadership
    return [person for person in above if person not in case.owners]


def _telling(
    person: int, name: str, cause: int, clock: Clock, at: datetime, **data: str
) -> Telling:
    told: Coded = {"lead": clock.lead_id, "clock": clock.kind, **data}
    return Telling(person, name, cause, (_CLOCK, clock.pk), at, told)


@tells("sla.excuse.proposed")
def proposed(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell the other side's head that an exception waits for their answer."""
    heads = Heads()
    for event, excuse in _excuses(events):
        for person in heads.of(_other(excuse.side)):
            yield _of_excuse(person, PROPOSED, event)


@tells("sla.excuse.agreed", "sla.excuse.declined")
def decided(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell who proposed an exception what was answered."""
    for event, excuse in _excuses(events):
        yield _of_excuse(excuse.proposed_by_id, DECIDED, event)


def _excuses(events: Sequence[Happened]) -> Iterator[tuple[Happened, Excuse]]:
    found = Excuse.objects.in_bulk({event.subject for event in events})
    return ((event, found[event.subject]) for event in events)


def _other(side: str) -> Function:
    return next(function for function in HEADS if function != side)


def _of_excuse(person: int, name: str, event: Happened) -> Telling:
    subject, data = (_EXCUSE, event.subject), {"lead": event.data["lead"]}
    return Telling(person, name, event.subject, subject, event.at, data)


type _Say = Callable[[str, Clock], tuple[str, str]]


def _of_clocks(say: _Say) -> Callable[[Sequence[About]], Mapping[int, Words]]:
    """Return what reads notices about clocks: title and note from lead and clock."""

    def read(rows: Sequence[About]) -> Mapping[int, Words]:
        clocks = Clock.objects.select_related("clause__agreement", "owner").in_bulk(
            {row.subject for row in rows}
        )
        names = called({clock.lead_id for clock in clocks.values()})
        found = {}
        for row in rows:
            clock = clocks.get(row.subject)
            if clock is not None and clock.lead_id in names:
                title, note = say(names[clock.lead_id], clock)
                found[row.id] = Words(title, note, _page(clock.lead_id))
        return found

    return read


def _say_new(lead: str, clock: Clock) -> tuple[str, str]:
    title = _("New lead: %(lead)s") % {"lead": lead}
    return title, _("%(promise)s by %(moment)s.") % _due(clock)


def _say_warned(lead: str, clock: Clock) -> tuple[str, str]:
    title = _("Time is running out: %(lead)s") % {"lead": lead}
    share = round(clock.clause.agreement.warning_share * 100)
    note = _("%(promise)s by %(moment)s; %(share)d %% of the agreed time is used.")
    return title, note % {**_due(clock), "share": share}


def _say_breached(lead: str, clock: Clock) -> tuple[str, str]:
    title = _("%(lead)s waits longer than agreed") % {"lead": lead}
    return title, _("%(promise)s was due by %(moment)s.") % _due(clock)


def _say_escalated(lead: str, clock: Clock) -> tuple[str, str]:
    title = _("%(lead)s still waits, past the agreed time") % {"lead": lead}
    if clock.owner is None:
        note = _("%(promise)s was due by %(moment)s. Nobody has this lead.")
        return title, note % _due(clock)
    note = _("%(promise)s was due by %(moment)s. The lead is with %(owner)s.")
    return title, note % {**_due(clock), "owner": clock.owner.name}


def _due(clock: Clock) -> dict[str, str]:
    promise = str(_WORDS[ClauseKind(clock.kind)])
    moment = date_format(timezone.localtime(clock.due_at), "SHORT_DATETIME_FORMAT")
    return {"promise": promise, "moment": moment}


def _page(lead: int) -> str:
    return reverse("leads:lead-detail", args=[lead])


def _read_proposed(rows: Sequence[About]) -> Mapping[int, Words]:
    found, names = _with_excuses(rows)
    givers = people.names({excuse.proposed_by_id for excuse in found.values()})
    return {
        row.id: Words(
            _("An exception waits for your answer: %(lead)s") % {"lead": name},
            _("%(person)s proposes it: %(reason)s.")
            % {
                "person": givers[excuse.proposed_by_id],
                "reason": excuse.get_reason_display(),
            },
            _page(excuse.clock.lead_id),
        )
        for row, excuse, name in _paired(rows, found, names)
    }


def _read_decided(rows: Sequence[About]) -> Mapping[int, Words]:
    found, names = _with_excuses(rows)
    return {
        row.id: Words(
            _decided_title(excuse) % {"lead": name},
            str(excuse.get_reason_display()),
            _page(excuse.clock.lead_id),
        )
        for row, excuse, name in _paired(rows, found, names)
    }


def _decided_title(excuse: Excuse) -> str:
    if excuse.state == ExcuseState.AGREED:
        return _("Your exception was agreed: %(lead)s")
    return _("Your exception was not agreed: %(lead)s")


def _with_excuses(rows: Sequence[About]) -> tuple[dict[int, Excuse], dict[int, str]]:
    found = Excuse.objects.select_related("clock").in_bulk({r.subject for r in rows})
    return found, called({excuse.clock.lead_id for excuse in found.values()})


def _paired(
    rows: Sequence[About], found: Mapping[int, Excuse], names: Mapping[int, str]
) -> Iterator[tuple[About, Excuse, str]]:
    for row in rows:
        excuse = found.get(row.subject)
        if excuse is not None and excuse.clock.lead_id in names:
            yield row, excuse, names[excuse.clock.lead_id]


def _count_new(n: int) -> str:
    return ngettext("%(n)s new lead", "%(n)s new leads", n) % {"n": n}


def _count_warned(n: int) -> str:
    text = ngettext(
        "%(n)s lead whose time is running out",
        "%(n)s leads whose time is running out",
        n,
    )
    return text % {"n": n}


def _count_breached(n: int) -> str:
    text = ngettext(
        "%(n)s lead waits longer than agreed",
        "%(n)s leads wait longer than agreed",
        n,
    )
    return text % {"n": n}


def _count_escalated(n: int) -> str:
    text = ngettext(
        "%(n)s lead still waits, past the agreed time",
        "%(n)s leads still wait, past the agreed time",
        n,
    )
    return text % {"n": n}


def _count_proposed(n: int) -> str:
    text = ngettext(
        "%(n)s exception waits for your answer",
        "%(n)s exceptions wait for your answer",
        n,
    )
    return text % {"n": n}


def _count_decided(n: int) -> str:
    text = ngettext(
        "%(n)s answer to your exceptions", "%(n)s answers to your exceptions", n
    )
    return text % {"n": n}


for _new in (
    Kind(
        NEW,
        gettext_lazy("A new lead waits for you"),
        _count_new,
        _of_clocks(_say_new),
        _SELLERS,
    ),
    Kind(
        WARNED,
        gettext_lazy("The agreed time for a lead is running out"),
        _count_warned,
        _of_clocks(_say_warned),
        _SELLERS,
    ),
    Kind(
        BREACHED,
        gettext_lazy("A lead of yours waits longer than agreed"),
        _count_breached,
        _of_clocks(_say_breached),
        _SELLERS,
    ),
    Kind(
        ESCALATED,
        gettext_lazy("A lead of others still waits, past the agreed time"),
        _count_escalated,
        _of_clocks(_say_escalated),
        {Role.HEAD_OF_SALES, Role.LEADERSHIP},
    ),
    Kind(
        PROPOSED,
        gettext_lazy("An exception waits for your answer"),
        _count_proposed,
        _read_proposed,
        {*HEADS.values(), Role.LEADERSHIP},
    ),
    Kind(
        DECIDED,
        gettext_lazy("An exception that you proposed was answered"),
        _count_decided,
        _read_decided,
        _SIDES,
        mail="daily",
    ),
):
    kind(_new)
