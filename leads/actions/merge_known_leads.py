"""Bring leads that are known already up to date with the rows of a file, in order."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db.models import Q

from campaigns.actions.merge_outcomes import Told
from foundation.accounts.models import User
from leads.actions import snapshots
from leads.actions.merge_paths import REACHED
from leads.actions.merge_references import References
from leads.actions.stages import Advance, Book
from leads.domain import path
from leads.enums import Cause
from leads.models import Lead, Note, StageChange

OWN = (
    *("email", "phone", "first_name", "last_name", "job_title", "language"),
    *("source", "segment", "country", "priority", "do_not_contact"),
)
_KEPT = (
    *("stage", "round", "stage_since_at", "re_entry_on"),
    *(f"{kind}_{stage}_at" for kind in ("first", "round") for stage in REACHED),
)
_SETTLED = {"unchanged", "advanced", "already_there"}
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

type Fault = tuple[str, str]
"""A code, and the target it is about."""


class KnownLeads:
    """The known leads of one batch, changed in memory row by row.

    A row is taken as a whole or not at all. Blank cells change nothing. When a known
    lead was created, and when it reached its stages, stays as it was first told. A
    stage without a time that the lead has not reached yet is reached now.
    """

    def __init__(
        self,
        told: Told,
        leads: Iterable[Lead],
        references: References,
        *,
        by: User | None,
        at: datetime,
    ) -> None:
        self.told, self.by, self.at = told, by, at
        self.leads = {lead.pk: lead for lead in leads}
        self.references = references
        self.book: Book | None = None
        self.live = False
        self.before: dict[int, dict[str, Any]] = {}
        self.told_of: list[tuple[int, int, dict[str, Any]]] = []
        self.notes: list[tuple[int, str]] = []
        self._own = {name: told.column(name) for name in OWN if name in told}
        self._stages = told.column("stage")
        self._times = {name: told.column(f"{name}_at") for name in REACHED}
        self._notes = told.column("notes")
        self._known_notes = _notes(self.leads) if "notes" in told else set()
        self._implied: set[tuple[int, str]] = set()

    @property
    def _speaks_of_stages(self) -> bool:
        return any(f"{name}_at" in self.told for name in REACHED) or (
            "stage" in self.told
        )

    def prepare(
        self, met: Sequence[tuple[int, int]], *, entry: int, live: bool
    ) -> None:
        """Read the history of the leads that rows will move: (place, lead id) of each.

        A lead's history is needed where a row tells more than the lead's own row
        shows, and where several rows speak of one lead.
        """
        self.live = live
        if not self._speaks_of_stages:
            return
        self._implied = _implied({pk for _, pk in met})
        seen: set[int] = set()
        moving: set[int] = set()
        for place, pk in met:
            if pk in seen or self._wishes(place, self.leads[pk]):
                moving.add(pk)
            seen.add(pk)
        wishes = [Advance(pk, "lead", _LONG_AGO) for pk in sorted(moving)]
        self._new_book = partial(Book, at=self.at, live=live, entry=entry)
        if wishes:
            self.book = self._new_book(wishes)
            self.leads |= self.book.leads

    def meet(self, place: int, pk: int, *, as_itself: bool) -> bool | Fault:
        """Take one row; tell whether it says anything new, or why it is refused.

        ``as_itself`` is False where the row names another lead, merged into this one:
        then what identifies the lead stays as it is.
        """
        lead = self.leads[pk]
        new = self._new_values(place, lead, as_itself=as_itself)
        before = {name: getattr(lead, name) for name in new}
        _set(lead, new)
        moved = self._advance(place, lead)
        if isinstance(moved, tuple):
            _set(lead, before)
            return moved
        company, filled = self._company(place, lead)
        if company != lead.company_id:
            before["company_id"], new["company_id"] = lead.company_id, company
            lead.company_id = company
        if new:
            self.before[pk] = before | self.before.get(pk, {})
            self.told_of.append((place, pk, new))
        return self._note(pk, self._notes[place]) or filled or bool(new) or moved

    def _company(self, place: int, lead: Lead) -> tuple[int | None, bool]:
        """Return the lead's company by this row, and whether the row says more of it.

        An address alone gives a company to a lead that has none, and moves nobody.
        """
        key = self.references.companies.keys[place]
        names = ("company", "company_domain", "company_external_id")
        named = any(self.told.column(name)[place] is not None for name in names)
        if key is None or (lead.company_id is not None and not named):
            return lead.company_id, False
        return self.references.companies.settle(key)

    def _note(self, pk: int, text: str | None) -> bool:
        if text is None or (pk, text) in self._known_notes:
            return False
        self._known_notes.add((pk, text))
        self.notes.append((pk, text))
        return True

    def _new_values(self, place: int, lead: Lead, *, as_itself: bool) -> dict[str, Any]:
        told = {name: column[place] for name, column in self._own.items()}
        for name, column in self.references.columns.items():
            told[name] = column[place]
        if not as_itself:
            told.pop("email", None)
        elif not lead.external_id and (own := self.told.column("external_id")[place]):
            told["external_id"] = own
            told["external_system"] = self.told.column("external_system")[place]
        if told.get("email") == lead.email_folded:
            told["email"] = None
        elif told.get("email"):
            told["email_folded"] = told["email"]
        return {
            name: value
            for name, value in told.items()
            if value is not None and getattr(lead, name) != value
        }

    def _wishes(self, place: int, lead: Lead) -> list[tuple[str, str, datetime]]:
        """What the row tells of stages that the lead's row does not show."""
        found, highest = [], 0
        for name, column in self._times.items():
            if (moment := column[place]) is not None:
                highest = path.rank(name)
                if not self._shows(lead, name, moment):
                    found.append((f"{name}_at", name, moment))
        stage = self._stages[place]
        if stage and not _reached(lead, stage) and not 0 <= path.rank(stage) <= highest:
            found.append(("stage", stage, self.at))
        return found

    def _shows(self, lead: Lead, stage: str, moment: datetime) -> bool:
        shown = {getattr(lead, f"{kind}_{stage}_at") for kind in ("first", "round")}
        return moment in shown and (lead.pk, stage) not in self._implied

    def _advance(self, place: int, lead: Lead) -> bool | Fault:
        if not self._speaks_of_stages:
            return False
        wishes = self._wishes(place, lead)
        if not wishes:
            return False
        if self.book is None:
            self.book = self._new_book([])
        if lead.pk not in self.book.leads:
            self.book.leads[lead.pk] = lead
            self.book.known |= snapshots.changes_in_force([lead.pk])
        return self._take(self.book, lead, wishes)

    def _take(
        self, book: Book, lead: Lead, wishes: Sequence[tuple[str, str, datetime]]
    ) -> bool | Fault:
        kept = {name: getattr(lead, name) for name in _KEPT}
        known, written = list(book.known.get(lead.pk, [])), len(book.written)
        first_time = lead.pk not in book.moved
        actor = self.by.pk if self.by else None
        for target, stage, moment in wishes:
            wish = Advance(lead.pk, stage, moment, Cause.IMPORT, actor_id=actor)
            code = book.take(wish).code
            if code not in _SETTLED:
                _set(lead, kept)
                book.known[lead.pk] = known
                del book.written[written:]
                if first_time:
                    book.moved.discard(lead.pk)
                return code, target
        return len(book.written) > written


def _notes(lead_ids: Iterable[int]) -> set[tuple[int, str]]:
    rows = Note.objects.filter(lead_id__in=list(lead_ids))
    return set(rows.values_list("lead_id", "text"))


def _set(lead: Lead, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(lead, name, value)


def _reached(lead: Lead, stage: str) -> bool:
    if path.rank(stage) < 1:
        return stage in {"lead", lead.stage}
    return getattr(lead, f"first_{stage}_at") is not None


def _implied(lead_ids: set[int]) -> set[tuple[int, str]]:
    """Stages that a real change may still take the place of."""
    rows = StageChange.objects.filter(
        Q(implied=True) | Q(cause=Cause.SILENCE),
        lead_id__in=lead_ids,
        in_force=True,
        is_withdrawal=False,
    )
    return set(rows.values_list("lead_id", "to_stage"))
