"""The list of leads: filters, search and pages that cost the same at any depth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.models import User
from leads.domain.path import EXITS
from leads.enums import Exclusion, Stage
from leads.models import Company, Lead
from leads.rules import leads_visible_to

PAGE_SIZE = 50
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class LeadFilter:
    """What the address asks for. Blank means everything; all conditions hold."""

    text: str = ""
    stage: str = ""
    owner: str = ""
    apart: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def narrow(self, rows: QuerySet[Lead], *, reader: User) -> QuerySet[Lead]:
        """Return the rows that match."""
        rows = rows.filter(exclusion=self.apart or Exclusion.NONE)
        if self.stage == "open":
            rows = rows.exclude(stage__in=[*EXITS, Stage.CUSTOMER])
        elif self.stage:
            rows = rows.filter(stage=self.stage)
        rows = rows.filter(**self.values)
        rows = rows.filter(_owned(self.owner, reader))
        return rows.filter(_matches(self.text)) if self.text.strip() else rows


def _owned(owner: str, reader: User) -> Q:
    if owner == "me":
        return Q(owner=reader)
    if owner == "none":
        return Q(owner__isnull=True)
    return Q(owner=int(owner)) if owner.isdecimal() else Q()


def _matches(text: str) -> Q:
    """Match the beginning of address, names or company, or a whole external id."""
    text = text.strip()
    company = Company.objects.filter(pk=OuterRef("company_id"), name__istartswith=text)
    first, _, last = text.partition(" ")
    full = Q(first_name__iexact=first, last_name__istartswith=last) if last else Q()
    return (
        Q(email_folded__startswith=text.casefold())
        | Q(last_name__istartswith=text)
        | Q(first_name__istartswith=text)
        | Q(external_id=text)
        | Exists(company)
        | (full if last else Q(pk__in=[]))
    )


@dataclass(frozen=True)
class LeadPage:
    """One page of the list. ``more`` tells that ``count`` stopped at its limit."""

    leads: list[Lead]
    count: int
    more: bool
    older: int | None
    newer: int | None


def listed(
    asked: LeadFilter,
    *,
    reader: User,
    before: int | None = None,
    after: int | None = None,
) -> LeadPage:
    """Return one page, the newest lead first, beside the id the address names.

    Loads what the list shows and blocks any further fetch. The count stops at 1 000,
    so that a page of a million leads costs what a page of a thousand does.
    """
    rows = asked.narrow(leads_visible_to(reader), reader=reader)
    count = rows.order_by()[: MOST_COUNTED + 1].count()
    shown = rows.select_related("company", "owner", "campaign")
    shown = shown.fetch_mode(models.FETCH_RAISE)
    if after is not None:
        found = list(shown.filter(pk__gt=after).order_by("pk")[: PAGE_SIZE + 1])
        leads, has_newer = found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE
        has_older = bool(leads)
    else:
        older = shown if before is None else shown.filter(pk__lt=before)
        found = list(older.order_by("-pk")[: PAGE_SIZE + 1])
        leads, has_older = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        has_newer = before is not None
    return LeadPage(
        leads,
        min(count, MOST_COUNTED),
        count > MOST_COUNTED,
        leads[-1].pk if leads and has_older else None,
        leads[0].pk if leads and has_newer else None,
    )


def sources() -> list[str]:
    """Return the sources there are, blank left out, in order of the alphabet."""
    rows = Lead.objects.exclude(source="").order_by("source")
    return list(rows.values_list("source", flat=True).distinct()[:200])
