"""Companies that rows of a file refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

from campaigns.actions.merge_outcomes import Change, Told
from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from leads.actions.merge_circles import Circles
from leads.domain.mail_domains import company_domain, is_free
from leads.models import Company

type _Token = tuple[str, str]
"""A kind of name and the name itself."""


class CompanyKey(NamedTuple):
    """What a row says of a company. ``sure`` unless the domain is an address's own."""

    system: str
    external_id: str
    domain: str
    sure: bool
    name: str

    @property
    def label(self) -> str:
        """What a company is called that is known by this key alone."""
        return self.name or self.domain or self.external_id


@dataclass
class _Found:
    """A company known, or to be made; what it lacked is filled from the rows."""

    number: int
    external_system: str
    external_id: str
    domain: str
    name: str
    withdrawn: bool = False
    before: dict[str, str] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)

    @property
    def age(self) -> tuple[bool, int]:
        """The order in which companies were made, those to be made last."""
        return self.number < 0, abs(self.number)

    def fill(self, **values: str) -> None:
        """Put in what it lacked, and remember what stood there."""
        for name, value in values.items():
            self.before[name] = getattr(self, name)
            self.filled[name] = value
            setattr(self, name, value)

    def is_other(self, key: CompanyKey) -> bool:
        """Tell whether the company has another identifier in the same system."""
        return bool(
            key.external_id
            and self.external_id
            and self.external_id != key.external_id
            and self.external_system == key.system
        )


def company_keys(told: Told) -> list[CompanyKey | None]:
    """Return what each row says of its lead's company; None where that is nothing."""
    if not {"company", "company_domain", "company_external_id"} & set(told.columns):
        own = _OfAddresses()
        return [own[email or ""] for email in told.column("email")]
    columns = ("external_system", "company_external_id", "company_domain", "email")
    return [
        _key(*cells)
        for cells in zip(
            *map(told.column, columns), told.column("company"), strict=True
        )
    ]


class _OfAddresses(dict[str, CompanyKey | None]):
    """What addresses alone say of companies, worked out once for each domain."""

    def __missing__(self, email: str) -> CompanyKey | None:
        domain = email.rpartition("@")[2]
        if domain == email:
            key = _key(None, None, None, f"@{domain}", None)
            self[domain] = key
            return key
        return self[domain]


def _key(
    system: str | None,
    external_id: str | None,
    domain: str | None,
    email: str | None,
    name: str | None,
) -> CompanyKey | None:
    sure = bool(domain and not is_free(domain))
    own = domain if sure else company_domain(email) if email else ""
    if not (external_id or own or name):
        return None
    source = system or "" if external_id else ""
    return CompanyKey(source, external_id or "", own or "", sure, name or "")


class Companies:
    """The companies that rows mean: by identifier, else by domain, else by name."""

    def __init__(self, keys: Sequence[CompanyKey | None]) -> None:
        self.keys = keys
        self._by_id: dict[tuple[str, str], _Found] = {}
        self._by_domain: dict[str, _Found] = {}
        self._by_name: dict[str, list[_Found]] = {}
        self._settled: dict[CompanyKey, int] = {}
        self._used: dict[int, _Found] = {}
        self._made: dict[int, int] = {}
        distinct = dict.fromkeys(key for key in keys if key)
        found = look_up(distinct) if distinct else []
        self._read = [row[1:5] for row in found]
        for row in found:
            self._add(_Found(*row))

    @cached_property
    def _circles(self) -> Circles[_Token]:
        """What was known and named of companies before any of the rows was taken."""
        circles = Circles[_Token]()
        for key in filter(None, self.keys):
            circles.join(_tokens(*key[:3], key.label))
        for found in self._read:
            circles.join(_tokens(*found))
        return circles

    def circle(self, key: CompanyKey) -> _Token:
        """Return what stands for all keys that have to do with the same companies."""
        return self._circles.of(_tokens(*key[:3], key.label)[0])

    def is_settled(self, key: CompanyKey) -> bool:
        """Tell whether taking the key once more would change nothing."""
        return key in self._settled

    def _add(self, company: _Found) -> None:
        if company.external_id:
            own = (company.external_system, company.external_id)
            self._by_id.setdefault(own, company)
        if company.domain:
            self._by_domain.setdefault(company.domain, company)
        self._by_name.setdefault(company.name, []).append(company)

    def settle(self, key: CompanyKey) -> tuple[int, bool]:
        """Return the number of the company that a row means, once the row is taken.

        One that nobody knows yet is invented. What a known one lacks is filled in from
        the row; the second value tells whether there was anything.
        """
        if (number := self._settled.get(key)) is not None:
            return number, False
        company, filled = self._find(key), False
        if company is None:
            company = self._invent(key)
        else:
            filled = self._fill(company, key)
        if filled or company.number not in self._used:
            # What is known has changed, so another company may now come first.
            self._settled.clear()
        self._settled[key] = company.number
        self._used[company.number] = company
        return company.number, filled

    def _find(self, key: CompanyKey) -> _Found | None:
        if key.external_id and (known := self._by_id.get(key[:2])):
            return known
        known = self._by_domain.get(key.domain)
        return self._named(key) if known is None or known.is_other(key) else known

    def _named(self, key: CompanyKey) -> _Found | None:
        """Return the first company of that name which nothing speaks against."""
        found = []
        for known in self._by_name.get(key.name, []) if key.name else []:
            elsewhere = key.sure and known.domain not in {"", key.domain}
            if known.name == key.name and not elsewhere and not known.is_other(key):
                found.append(known)
        return min(found, key=attrgetter("age"), default=None)

    def _fill(self, known: _Found, key: CompanyKey) -> bool:
        before = len(known.filled)
        if key.external_id and not known.external_id:
            known.fill(external_system=key.system, external_id=key.external_id)
            self._by_id[key[:2]] = known
        if key.sure and not known.domain and key.domain not in self._by_domain:
            known.fill(domain=key.domain)
            self._by_domain[key.domain] = known
        if key.name and known.name == known.domain != key.name:
            known.fill(name=key.name)
            self._by_name.setdefault(key.name, []).append(known)
        return len(known.filled) > before

    def _invent(self, key: CompanyKey) -> _Found:
        domain = "" if key.domain in self._by_domain else key.domain
        number = -1 - len(self._used)
        made = _Found(number, key.system, key.external_id, domain, key.label)
        self._add(made)
        return made

    def make(self, *, by: User | None, at: datetime) -> list[Change]:
        """Make the companies that were invented, fill what known ones lacked.

        Withdrawn ones count again. Returns what known ones held before and after.
        Making them again does nothing.
        """
        new = [c for n, c in self._used.items() if n < 0 and n not in self._made]
        known = [company for number, company in self._used.items() if number > 0]
        again = [company for company in known if company.withdrawn]
        filled = [company for company in known if company.filled]
        if not (new or again or filled):
            return []
        with ledger.entry(by=by, at=at, cause="companies") as entry:
            self._create(new, at)
            _reinstate(again)
            created = [self._made[c.number] for c in new] + [c.number for c in again]
            entry.record_many(
                "leads.company.created",
                ((("leads.company", pk), {}) for pk in created),
            )
            _write_filled(filled, entry)
        told = [Change("leads.company", c.number, c.before, c.filled) for c in filled]
        for company in known:
            company.withdrawn, company.before, company.filled = False, {}, {}
        return told

    def _create(self, new: Sequence[_Found], at: datetime) -> None:
        rows = Company.objects.bulk_create(
            [
                Company(
                    external_system=company.external_system,
                    external_id=company.external_id,
                    domain=company.domain,
                    name=company.name,
                    created_at=at,
                )
                for company in new
            ],
            batch_size=10_000,
        )
        numbers = [company.number for company in new]
        self._made |= dict(zip(numbers, (row.pk for row in rows), strict=True))

    def real(self, number: int | None) -> int | None:
        """Return the id for a number."""
        return number if number is None or number > 0 else self._made[number]


def _reinstate(again: Sequence[_Found]) -> None:
    if again:
        ids = [company.number for company in again]
        Company.objects.filter(pk__in=ids).update(withdrawn_at=None)


def _write_filled(filled: Sequence[_Found], entry: ledger.Writer) -> None:
    if not filled:
        return
    rows = Company.objects.in_bulk([company.number for company in filled])
    for company in filled:
        for name, value in company.filled.items():
            setattr(rows[company.number], name, value)
    names = ["external_system", "external_id", "domain", "name"]
    Company.objects.bulk_update(rows.values(), names)
    entry.record_many(
        "leads.company.changed",
        (
            (("leads.company", c.number), {"fields": ",".join(sorted(c.filled))})
            for c in filled
        ),
    )


def _tokens(system: str, external_id: str, domain: str, name: str) -> list[_Token]:
    """Return everything by which a company may be found."""
    own = [("id", f"{system}\0{external_id}")] if external_id else []
    place = [("domain", domain)] if domain else []
    return [*own, *place, ("name", name)]


_LOOKUP = """
    SELECT id, external_system, external_id, domain, name, withdrawn_at IS NOT NULL
    FROM leads_company WHERE id IN (
        SELECT c.id FROM unnest(%s::text[], %s::text[]) AS w(system, external)
        JOIN leads_company c ON c.external_system = w.system
            AND c.external_id = w.external AND NOT c.external_id = ''
        UNION ALL SELECT c.id FROM unnest(%s::text[]) AS w(domain)
        JOIN leads_company c ON c.domain = w.domain AND NOT c.domain = ''
        UNION ALL SELECT c.id FROM unnest(%s::text[]) AS w(name)
        JOIN leads_company c ON c.name = w.name)
    ORDER BY id
"""


def look_up(keys: Iterable[CompanyKey]) -> list[tuple[int, str, str, str, str, bool]]:
    """Return the companies that have one of the identifiers, domains or names.

    Each with its id, system and identifier, domain, name, and whether it was withdrawn.
    """
    wanted = list(keys)
    ids = list({key[:2] for key in wanted if key.external_id})
    domains = {key.domain for key in wanted if key.domain}
    names = {key.name for key in wanted if key.name}
    systems, external = zip(*ids, strict=True) if ids else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOKUP, [list(systems), list(external), list(domains), list(names)]
        )
        rows: list[tuple[int, str, str, str, str, bool]] = cursor.fetchall()
        return rows
