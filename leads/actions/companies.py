from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads import signals
from leads.domain.mail_domains import is_free
from leads.models import AttributeChange, Company

CODED = ("country", "segment", "industry", "employees")


class AlreadyKnown(DomainError):
    """There is a company with this external id or domain."""

    code = "already_known"


def create(values: Mapping[str, Any], *, by: User | None, at: datetime) -> Company:
    """Create a company. Free-mail domains name no company and are left away.

    Raises:
        AlreadyKnown: external id or domain belong to another one.
    """
    return create_many([values], by=by, at=at)[0]


def create_many(
    new: Sequence[Mapping[str, Any]], *, by: User | None, at: datetime
) -> list[Company]:
    """Create companies, all or none, in a constant number of statements.

    Raises:
        AlreadyKnown: external id or domain of one belong to another.
    """
    rows = [Company(**_cleaned(values), created_at=at) for values in new]
    with ledger.entry(by=by, at=at, cause="companies") as entry:
        _refuse_known(rows)
        made = Company.objects.bulk_create(rows)
        entry.record_many(
            "leads.company.created",
            ((("leads.company", row.pk), {}) for row in made),
        )
    return made


_THERE = """
    SELECT domain, id FROM leads_company
    WHERE domain = ANY(%s) AND NOT domain = '' AND withdrawn_at IS NULL
"""
# LIMIT 1 has each domain looked up in its unique index, however many companies there
# are; new ones are made in order, so that two who make the same wait in the same order.
_OF_DOMAINS = """
    WITH wanted AS (SELECT unnest(%(domains)s::text[]) AS domain),
    known AS (
        SELECT found.* FROM wanted w CROSS JOIN LATERAL (
            SELECT c.domain, c.id, c.withdrawn_at IS NOT NULL AS is_back
            FROM leads_company c WHERE c.domain = w.domain AND NOT c.domain = ''
            LIMIT 1) AS found
    ), again AS (
        UPDATE leads_company c SET withdrawn_at = NULL
        FROM known k WHERE c.id = k.id AND k.is_back
    ), made AS (
        INSERT INTO leads_company (external_system, external_id, name, domain,
            country, segment, industry, created_at)
        SELECT '', '', domain, domain, '', '', '', %(at)s FROM wanted w
        WHERE NOT EXISTS (SELECT FROM known k WHERE k.domain = w.domain)
        ORDER BY domain ON CONFLICT DO NOTHING RETURNING domain, id
    )
    TABLE known UNION ALL SELECT domain, id, true FROM made
"""


def of_domains(
    domains: Collection[str], *, by: User | None, at: datetime
) -> dict[str, int]:
    """Return the companies of domains, by domain; those nobody knows yet are made.

    Withdrawn ones count again, as when a file speaks of them. One statement where all
    are known, else another, and one more for domains that somebody else gave to a
    company at this very moment.
    """
    if not domains:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [list(domains)])
        found = dict(cursor.fetchall())
    with ledger.entry(by=by, at=at, cause="companies") as entry:
        while missing := sorted(set(domains) - found.keys()):
            with connection.cursor() as cursor:
                cursor.execute(_OF_DOMAINS, {"domains": missing, "at": at})
                rows = cursor.fetchall()
            found |= {domain: pk for domain, pk, _new in rows}
            entry.record_many(
                "leads.company.created",
                ((("leads.company", pk), {}) for _domain, pk, new in rows if new),
            )
    return found


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    blank = {"domain": ""} if is_free(values.get("domain", "")) else {}
    return {**values, **blank}


def _refuse_known(rows: Sequence[Company]) -> None:
    domains = [row.domain for row in rows if row.domain]
    ids = [(row.external_system, row.external_id) for row in rows if row.external_id]
    known = Company.objects.filter(
        Q(domain__in=domains)
        | Q(
            external_system__in={system for system, _id in ids},
            external_id__in={external for _system, external in ids},
        )
    ).values_list("domain", "external_system", "external_id")
    clash = any(d in domains or (s, e) in ids for d, s, e in known)
    if clash or len(set(domains)) < len(domains) or len(set(ids)) < len(ids):
        raise AlreadyKnown(_("There is a company with this domain or external id."))


def change(
    company: Company, values: Mapping[str, Any], *, by: User | None, at: datetime
) -> list[str]:
    """Change a company; return the names of the fields that became another."""
    with ledger.entry(by=by, at=at, cause="companies") as entry:
        row = Company.objects.select_for_update().get(pk=company.pk)
        new = {k: v for k, v in values.items() if getattr(row, k) != v}
        if not new:
            return []
        Company.objects.filter(pk=row.pk).update(**new)
        AttributeChange.objects.bulk_create(
            AttributeChange(
                entry_id=entry.pk,
                subject="company",
                subject_id=row.pk,
                field=name,
                value="" if new[name] is None else str(new[name]),
                occurred_at=at,
                recorded_at=at,
            )
            for name in sorted(new.keys() & set(CODED))
        )
        entry.record(
            "leads.company.changed",
            subject=("leads.company", row.pk),
            data={"fields": ",".join(sorted(new))},
        )
        signals.companies_changed.send(
            Company, company_ids=[row.pk], fields=sorted(new), by=by, at=at
        )
    return sorted(new)
