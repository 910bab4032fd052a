"""Find the leads, companies and reasons that facts in a file refer to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from campaigns.actions.merge_outcomes import Outcome, Told
from leads.enums import Exclusion, ReasonKind
from leads.models import Company, Reason

# As in `merge_identities`: each key is looked up in its index, all sent as one text.
_LEADS = """
    WITH RECURSIVE named AS (
        SELECT w.place, l.id, l.merged_into_id, l.exclusion
        FROM ROWS FROM (unnest(%s::int[]), json_array_elements_text(%s),
            json_array_elements_text(%s)) AS w(place, system, external)
        CROSS JOIN LATERAL (SELECT id, merged_into_id, exclusion FROM leads_lead l
            WHERE l.external_system = w.system AND l.external_id = w.external
                AND NOT l.external_id = '' LIMIT 1) AS l
        UNION SELECT w.place, l.id, l.merged_into_id, l.exclusion
        FROM ROWS FROM (unnest(%s::int[]), json_array_elements_text(%s))
            AS w(place, email)
        CROSS JOIN LATERAL (SELECT id, merged_into_id, exclusion FROM leads_lead l
            WHERE l.email_folded = w.email AND NOT l.email_folded = '' LIMIT 1) AS l
        UNION SELECT named.place, l.id, l.merged_into_id, l.exclusion
        FROM named JOIN leads_lead l ON l.id = named.merged_into_id
    )
    SELECT place, id FROM named WHERE merged_into_id IS NULL AND exclusion <> %s
"""


def leads_of(told: Told, outcome: Outcome) -> list[int | None]:
    """Return the lead each row refers to, by external id, by e-mail address, or both.

    A merged lead stands for the one it was merged into; one withdrawn with its load is
    not there. Rows that refer to none, or to two different ones, are refused.
    """
    ids, emails = told.column("lead_external_id"), told.column("lead_email")
    found = _leads(told.column("external_system"), ids, emails)
    leads: list[int | None] = [None] * told.size
    for place in range(told.size):
        target = "lead_email" if ids[place] is None else "lead_external_id"
        if ids[place] is None and emails[place] is None:
            continue
        match found.get(place, ()):
            case ():
                outcome.refuse(place, "unknown_lead", target)
            case (pk,):
                leads[place] = pk
            case _:
                outcome.refuse(place, "identity_conflict", target)
    return leads


def _leads(
    systems: Sequence[str | None],
    ids: Sequence[str | None],
    emails: Sequence[str | None],
) -> Mapping[int, tuple[int, ...]]:
    named = [n for n, external in enumerate(ids) if external is not None]
    written = [n for n, email in enumerate(emails) if email is not None]
    params: list[Any] = [
        named,
        json.dumps([systems[n] or "" for n in named]),
        json.dumps([ids[n] for n in named]),
        written,
        json.dumps([emails[n] for n in written]),
        Exclusion.WITHDRAWN.value,
    ]
    found: dict[int, tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LEADS, params)
        for place, pk in cursor.fetchall():
            found[place] = (*found.get(place, ()), pk)
    return found


def companies_of(told: Told, outcome: Outcome) -> list[int | None]:
    """Return the company each row refers to by external id.

    Rows that refer to one that is not there, or was withdrawn, are refused.
    """
    systems, ids = told.column("external_system"), told.column("company_external_id")
    rows = Company.objects.filter(
        external_id__in={external for external in ids if external},
        withdrawn_at__isnull=True,
    ).values_list("external_system", "external_id", "pk")
    found = {(system, external): pk for system, external, pk in rows}
    companies: list[int | None] = [None] * told.size
    for place, external in enumerate(ids):
        if external is not None:
            companies[place] = found.get((systems[place] or "", external))
            if companies[place] is None:
                outcome.refuse(place, "unknown_company", "company_external_id")
    return companies


class Reasons:
    """The agreed reasons of some kinds, by code and by label in any language."""

    def __init__(self, kinds: Iterable[ReasonKind]) -> None:
        self._codes: dict[tuple[str, str], str] = {}
        for row in Reason.objects.filter(kind__in=list(kinds), in_use=True):
            for word in (row.code, row.label_en, row.label_ro, row.label_pl):
                if word:
                    self._codes.setdefault((row.kind, _folded(word)), row.code)

    def code(self, kind: ReasonKind, text: str) -> str | None:
        """Return the code that a text means; None where it is on no list."""
        return self._codes.get((kind.value, _folded(text)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
