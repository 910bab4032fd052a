"""Take leads from a file: create those not known, bring the others up to date.

A row is found again by external id, else by e-mail address; by its phone number only
where it has neither. Rows are taken as if loaded one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from campaigns.actions.merge_outcomes import Outcome, Told
from foundation.accounts.actions.owners import LONGEST_LABEL
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions import merge_known_writing, merge_new_leads, merge_notes
from leads.actions.merge_identities import CONFLICT, NOBODY, Identities, Key, keys_of
from leads.actions.merge_known_leads import KnownLeads
from leads.actions.merge_new_leads import NewLead
from leads.actions.merge_paths import REACHED, NoPath, Times, new_path
from leads.actions.merge_references import References
from leads.actions.merge_staging import allocate
from leads.enums import Exclusion


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer.

    The targets are those of files of leads (`integrations.domain.kinds.leads`). New
    leads are written as `leads.actions.leads.create_many` writes them. Owners,
    campaigns and companies that nobody knows yet are made. Taking the same rows again
    changes nothing. The number of statements is constant, as long as rows do not speak
    several times of one lead that is new.

    Refusals: ``identity_conflict``, ``before_lead_created``, ``in_future``,
    ``out_of_order``, ``no_way``, ``owner_too_long``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="leads"):
        places: Sequence[int] = _with_usable_owners(told, outcome)
        while places:
            places = _Pass(told, places, outcome, by=by, at=at).run(live=live)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


def _with_usable_owners(told: Told, outcome: Outcome) -> list[int]:
    usable = []
    for place, owner in enumerate(told.column("owner")):
        if owner is not None and len(owner) > LONGEST_LABEL:
            outcome.refuse(place, "owner_too_long", "owner", limit=str(LONGEST_LABEL))
        else:
            usable.append(place)
    return usable


class _Pass:
    """One way through the rows. Rows about leads that this pass makes wait.

    They are taken in the next pass, when those leads are there; so is every later row
    that has to do with a row that waits, by its lead or by its company.
    """

    def __init__(
        self,
        told: Told,
        places: Sequence[int],
        outcome: Outcome,
        *,
        by: User | None,
        at: datetime,
    ) -> None:
        self.told, self.places, self.outcome = told, places, outcome
        self.by, self.at = by, at
        self.identities = Identities(told, places)
        self.references = References(told)
        known = self.identities.leads.values()
        self.known = KnownLeads(told, known, self.references, by=by, at=at)
        self.new: list[NewLead] = []
        self._news: list[int] = []
        self._waiting: list[int] = []
        self._keys_taken: set[Key] = set()
        self._leads_waited_for: set[int] = set()
        self._companies_waited_for: set[object] = set()
        self._stages = told.column("stage")
        self._created = told.column("created_at")
        self._times = [told.column(f"{name}_at") for name in REACHED]

    def run(self, *, live: bool) -> list[int]:
        """Take the rows and write what follows; return the places that wait."""
        met = list(self._met())
        self.known.prepare(met, entry=ledger.current().pk, live=live)
        self.identities.leads |= self.known.leads
        self._ids = iter(allocate("leads_lead", len(self.places) - len(met)))
        if self.identities.leads or self.identities.repeat:
            for place in self.places:
                self._take(place)
        else:
            self._create_all()
        by, at = self.by, self.at
        self.outcome.changes += self.references.make(self._news, by=by, at=at)
        made = (self.told, self.new, self.references)
        merge_new_leads.write(*made, by=by, at=at, live=live)
        merge_known_writing.write(self.known, self.outcome, by=by, at=at)
        notes = self.told.column("notes")
        told = [(new.id, notes[new.place]) for new in self.new if notes[new.place]]
        told += self.known.notes
        self.outcome.changes += merge_notes.write(told, by=by, at=at)
        return self._waiting

    def _met(self) -> Iterator[tuple[int, int]]:
        if not self.identities.leads:
            return
        for place in self.places:
            pk, _ = self.identities.find(place)
            if pk > 0:
                yield place, pk

    def _create_all(self) -> None:
        """Take rows of which each makes a lead of its own; as `_take`, but faster."""
        times: Iterable[Times] = zip(*self._times, strict=True)
        columns = (self._created, self._stages, times, self.references.companies.keys)
        rows = list(zip(*columns, strict=True))
        for place in self.places:
            created, stage, told, key = rows[place]
            found = new_path(created, stage, told, at=self.at)
            if isinstance(found, NoPath):
                self.outcome.refuse(place, found.code, found.target)
                continue
            company = self.references.companies.settle(key)[0] if key else None
            self.new.append(NewLead(place, next(self._ids), company, found))
        self._news = [new.place for new in self.new]
        self.outcome.created += len(self.new)

    def _take(self, place: int) -> None:
        pk, as_itself = self.identities.find(place)
        if self._must_wait(place, pk):
            self._wait(place, pk)
        elif pk == CONFLICT:
            named = self.told.column("external_id")[place] is not None
            target = "external_id" if named else "email"
            self.outcome.refuse(place, "identity_conflict", target)
        elif pk == NOBODY:
            self._create(place, next(self._ids), again=False)
        elif self.known.leads[pk].exclusion == Exclusion.WITHDRAWN:
            self._create(place, pk, again=True)
        else:
            self._meet(place, pk, as_itself=as_itself)

    def _must_wait(self, place: int, pk: int) -> bool:
        return (
            pk in self._leads_waited_for
            or not self._keys_taken.isdisjoint(self.identities.keys(place))
            or self._awaits_company(place)
        )

    def _wait(self, place: int, pk: int) -> None:
        self._waiting.append(place)
        self._keys_taken.update(self.identities.all_keys(place))
        if pk > 0:
            self._leads_waited_for.add(pk)
        companies = self.references.companies
        if (key := companies.keys[place]) and not companies.is_settled(key):
            self._companies_waited_for.add(companies.circle(key))

    def _awaits_company(self, place: int) -> bool:
        """Tell whether a row that waits may say something of this row's company."""
        companies = self.references.companies
        key = companies.keys[place]
        return (
            bool(self._companies_waited_for)
            and key is not None
            and companies.circle(key) in self._companies_waited_for
        )

    def _create(self, place: int, pk: int, *, again: bool) -> None:
        found = new_path(
            self._created[place],
            self._stages[place],
            tuple(column[place] for column in self._times),
            at=self.at,
        )
        if isinstance(found, NoPath):
            self.outcome.refuse(place, found.code, found.target)
            return
        key = self.references.companies.keys[place]
        company = self.references.companies.settle(key)[0] if key else None
        self.new.append(NewLead(place, pk, company, found, there_before=again))
        self._news.append(place)
        self.outcome.count("created")
        self._keys_taken.update(self.identities.all_keys(place))
        if again:
            self._leads_waited_for.add(pk)

    def _meet(self, place: int, pk: int, *, as_itself: bool) -> None:
        lead = self.known.leads[pk]
        before = keys_of(lead)
        said = self.known.meet(place, pk, as_itself=as_itself)
        if isinstance(said, tuple):
            self.outcome.refuse(place, *said)
            return
        self.outcome.count("updated" if said else "unchanged")
        if said:
            self._news.append(place)
        if before != (now := keys_of(lead)):
            self.identities.renamed(lead, before)
            # The keys are free only when the lead has been written.
            self._keys_taken.update(set(before) - set(now))
