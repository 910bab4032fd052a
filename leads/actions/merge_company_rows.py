"""Take companies from a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from campaigns.actions.merge_outcomes import Outcome, Told
from campaigns.actions.merge_records import Records, passes
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions.companies import CODED
from leads.actions.merge_companies import CompanyKey, look_up
from leads.domain.mail_domains import is_free
from leads.models import AttributeChange, Company

_BLANK: dict[str, Any] = {
    "external_system": "",
    "external_id": "",
    "name": "",
    "domain": "",
    "country": "",
    "segment": "",
    "industry": "",
    "employees": None,
}


def merge(told: Told, *, by: User | None, at: datetime, live: bool = False) -> Outcome:
    """Take the rows; see `Outcome` for the answer. ``live`` makes no difference.

    The targets are those of files of companies (`integrations.domain.kinds.companies`).
    A company is found by external id, else by domain, else by its exact name where
    nothing speaks against it. Free-mail domains name no company. Blank cells change
    nothing. Taking the same rows again changes nothing. The number of statements is
    constant.

    Refusals: ``identity_conflict``.
    """
    outcome = Outcome()
    with ledger.entry(by=by, at=at, cause="companies"):

        def take(places: Sequence[int]) -> list[int]:
            return _Pass(told, places, outcome, at=at).run()

        passes(range(told.size), take)
    outcome.refusals.sort(key=lambda refusal: refusal.place)
    return outcome


class _Pass:
    def __init__(
        self, told: Told, places: Sequence[int], outcome: Outcome, *, at: datetime
    ) -> None:
        self.places, self.outcome, self.at = places, outcome, at
        self._records: Records[Company] = Records("leads.company", outcome)
        self._columns = {name: told.column(name) for name in _BLANK}
        self._by_id: dict[tuple[str, str], Company] = {}
        self._by_domain: dict[str, Company] = {}
        self._by_name: dict[str, list[Company]] = {}
        self._given_up: set[str] = set()
        self._waiting: list[int] = []
        self._told_of: list[tuple[Company, dict[str, Any]]] = []
        for row in self._known():
            self._know(row)

    def _given(self, place: int) -> dict[str, Any]:
        cells = {name: column[place] for name, column in self._columns.items()}
        given = {name: value for name, value in cells.items() if value is not None}
        if is_free(given.get("domain", "")):
            del given["domain"]
        if "external_id" not in given:
            given.pop("external_system", None)
        return given

    def _known(self) -> list[Company]:
        keys = []
        for place in self.places:
            cells = {"external_system": "", "external_id": "", "domain": "", "name": ""}
            given = {**cells, **self._given(place)}
            system, own = given["external_system"], given["external_id"]
            domain, name = given["domain"], given["name"]
            keys.append(CompanyKey(system, own, domain, sure=True, name=name))
        ids = [row[0] for row in look_up(keys)]
        rows = Company.objects.filter(pk__in=ids).order_by("pk")
        return list(rows.select_for_update(no_key=True))

    def _know(self, row: Company) -> None:
        if row.external_id:
            self._by_id[row.external_system, row.external_id] = row
        if row.domain:
            self._by_domain[row.domain] = row
        named = self._by_name.setdefault(row.name, [])
        if row not in named:
            named.append(row)

    def run(self) -> list[int]:
        """Take the rows and write what they say; return the places that wait."""
        for place in self.places:
            self._take(place, self._given(place))
        self._write()
        return self._waiting

    def _take(self, place: int, given: dict[str, Any]) -> None:
        domain = given.get("domain", "")
        if domain in self._given_up:
            self._waiting.append(place)
            return
        own = (given.get("external_system", ""), given.get("external_id", ""))
        by_id = self._by_id.get(own) if own[1] else None
        by_domain = self._by_domain.get(domain)
        if _conflict(by_id, by_domain, own):
            target = "external_id" if own[1] else "domain"
            self.outcome.refuse(place, "identity_conflict", target)
        elif row := by_id or by_domain or self._named(given["name"], domain, own):
            self._change(row, given)
        else:
            row = Company(**{**_BLANK, **given}, created_at=self.at)
            self._records.create(row)
            self._know(row)

    def _named(self, name: str, domain: str, own: tuple[str, str]) -> Company | None:
        for row in self._by_name.get(name, ()):
            same_place = not domain or row.domain in {"", domain}
            if same_place and not _is_other(row, own):
                return row
        return None

    def _change(self, row: Company, given: dict[str, Any]) -> None:
        again = row.withdrawn_at is not None
        values = {**_BLANK, **given} if again else dict(given)
        if row.external_id and not again:
            values.pop("external_system", None)
            values.pop("external_id", None)
        domain = row.domain
        new = self._records.change(row, values)
        if row.pk and new:
            self._told_of.append((row, new))
        if domain and row.domain != domain:
            self._given_up.add(domain)
            del self._by_domain[domain]
        self._know(row)

    def _write(self) -> None:
        records, entry = self._records, ledger.current()
        if not records.taken:
            return
        records.write(Company.objects, list(_BLANK))
        entry.record_many(
            "leads.company.created",
            ((("leads.company", row.pk), {}) for row in (*records.new, *records.again)),
        )
        AttributeChange.objects.bulk_create(self._facts(entry.pk), batch_size=10_000)
        entry.record_many(
            "leads.company.changed",
            (
                (("leads.company", row.pk), {"fields": ",".join(sorted(new))})
                for row, new in self._told_of
            ),
        )

    def _facts(self, entry: int) -> list[AttributeChange]:
        return [
            AttributeChange(
                entry_id=entry,
                subject="company",
                subject_id=row.pk,
                field=name,
                value="" if value is None else str(value),
                occurred_at=self.at,
                recorded_at=self.at,
            )
            for row, new in self._told_of
            for name, value in sorted(new.items())
            if name in CODED
        ]


def _conflict(
    by_id: Company | None, by_domain: Company | None, own: tuple[str, str]
) -> bool:
    if by_domain is None:
        return False
    return by_domain is not by_id if by_id else _is_other(by_domain, own)


def _is_other(row: Company, own: tuple[str, str]) -> bool:
    """Tell whether a company has another identifier in the same system."""
    system, external_id = own
    return bool(
        external_id
        and row.external_id
        and row.external_system == system
        and row.external_id != external_id
    )
