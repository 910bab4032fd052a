from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads.domain.mail_domains import is_free
from leads.models import AttributeChange, Company

_CODED = ("country", "segment", "industry", "employees")


class AlreadyKnown(DomainError):
    """There is a company with this external id or domain."""

    code = "already_known"


def create(values: Mapping[str, Any], *, by: User | None, at: datetime) -> Company:
    """Create a company. Free-mail domains name no company and are left away.

    Raises:
        AlreadyKnown: external id or domain belong to another one.
    """
    values = dict(values)
    if is_free(values.get("domain", "")):
        values["domain"] = ""
    with ledger.entry(by=by, at=at, cause="companies") as entry:
        made = Company.objects.bulk_create(
            [Company(**values, created_at=at)], ignore_conflicts=True
        )
        row = _just_made(made[0], at)
        entry.record("leads.company.created", subject=("leads.company", row.pk))
    return row


def _just_made(wanted: Company, at: datetime) -> Company:
    rows = Company.objects.filter(name=wanted.name, created_at=at)
    row = rows.filter(domain=wanted.domain, external_id=wanted.external_id).last()
    if row is None:
        raise AlreadyKnown(_("There is a company with this domain or external id."))
    return row


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
            for name in sorted(new.keys() & set(_CODED))
        )
        entry.record(
            "leads.company.changed",
            subject=("leads.company", row.pk),
            data={"fields": ",".join(sorted(new))},
        )
    return sorted(new)
