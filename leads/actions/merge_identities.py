"""Which leads the rows of a file speak of."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from campaigns.actions.merge_outcomes import Told
from leads.models import Lead

type Key = tuple[str, str] | str
"""An external id with its system, a folded e-mail address, or a phone number."""

NOBODY = 0
CONFLICT = -1


class _Wanted(NamedTuple):
    """The keys that rows have."""

    named: set[tuple[str, str]]
    emails: set[str]
    phones: set[str]


class Identities:
    """The keys of each row, and the leads that have one of them, locked.

    A row that has neither external id nor e-mail address is found by its phone number:
    of several leads with that number it means one that has nothing else either.
    ``repeat`` tells that rows may speak of the same lead.
    """

    def __init__(self, told: Told, places: Sequence[int]) -> None:
        self._systems = told.column("external_system")
        self._ids = told.column("external_id")
        self._emails = told.column("email")
        self._phones = told.column("phone")
        self.phones_matter = "phone" in told and any(
            self._ids[p] is None and self._emails[p] is None for p in places
        )
        self._by_key: dict[Key, int] = {}
        self.leads: dict[int, Lead] = {}
        named = [
            (self._systems[p] or "", self._ids[p])
            for p in places
            if self._ids[p] is not None
        ]
        emails = [self._emails[p] for p in places if self._emails[p] is not None]
        phones = [
            self._phones[p]
            for p in places
            if self.phones_matter and self._ids[p] is None is self._emails[p]
        ]
        wanted = _Wanted(set(named), set(emails), set(phones))
        distinct = len(wanted.named) + len(wanted.emails)
        self.repeat = self.phones_matter or len(named) + len(emails) > distinct
        self._read(wanted)

    def keys(self, place: int) -> list[Key]:
        """Return what identifies a row."""
        external, email = self._ids[place], self._emails[place]
        keys: list[Key] = []
        if external is not None:
            keys.append((self._systems[place] or "", external))
        if email is not None:
            keys.append(email)
        return keys or [self._phones[place]]

    def all_keys(self, place: int) -> list[Key]:
        """Return also the phone number, where other rows are found by theirs."""
        phone = self._phones[place] if self.phones_matter else None
        keys = self.keys(place)
        return keys if phone is None or phone in keys else [*keys, phone]

    def _read(self, wanted: _Wanted) -> None:
        ids = _ids_of(wanted)
        missing = set(ids)
        while missing:
            rows = Lead.objects.filter(pk__in=missing).order_by("pk")
            locked = {row.pk: row for row in rows.select_for_update(no_key=True)}
            self.leads |= locked
            into = {row.merged_into_id for row in locked.values()} - {None}
            missing = {pk for pk in into if pk and pk not in self.leads}
        for pk in sorted(ids):
            self._add(self.leads[pk])

    def _add(self, lead: Lead) -> None:
        if lead.external_id:
            self._by_key[lead.external_system, lead.external_id] = lead.pk
        if lead.email_folded:
            self._by_key[lead.email_folded] = lead.pk
        if self.phones_matter and lead.phone:
            other = self.leads.get(self._by_key.get(lead.phone, NOBODY))
            if other is None or (_has_more(other) and not _has_more(lead)):
                self._by_key[lead.phone] = lead.pk

    def find(self, place: int) -> tuple[int, bool]:
        """Return the lead a row speaks of, and whether it has the row's keys itself.

        `NOBODY` where there is none, `CONFLICT` where external id and address name two
        leads, or the address one that has another id in the same system. A lead that
        was merged stands for the one it was merged into.
        """
        own = [self._by_key[key] for key in self.keys(place) if key in self._by_key]
        if not own:
            return NOBODY, True
        survivors = {self._survivor(pk) for pk in own}
        pk = survivors.pop()
        if survivors or (len(own) == 1 and self._contradicts(place, own[0])):
            return CONFLICT, True
        return pk, pk in own

    def _survivor(self, pk: int) -> int:
        while (into := self.leads[pk].merged_into_id) is not None:
            pk = into
        return pk

    def _contradicts(self, place: int, pk: int) -> bool:
        lead, external = self.leads[pk], self._ids[place]
        return (
            external is not None
            and bool(lead.external_id)
            and lead.external_system == (self._systems[place] or "")
            and lead.external_id != external
        )

    def renamed(self, lead: Lead, before: Sequence[Key]) -> None:
        """Learn that a lead has other keys now than before."""
        for key in before:
            if self._by_key.get(key) == lead.pk:
                del self._by_key[key]
        self._add(lead)


def keys_of(lead: Lead) -> list[Key]:
    """Return everything that identifies a lead."""
    keys: list[Key] = [(lead.external_system, lead.external_id)]
    return [*(keys if lead.external_id else []), lead.email_folded, lead.phone]


def _has_more(lead: Lead) -> bool:
    return bool(lead.external_id or lead.email_folded)


# LIMIT 1 has each key looked up in its unique index: a join would go through the whole
# table for every chunk of a file, the longer the table the longer. As JSON the keys are
# one text to send, not one for each.
_BY_KEYS = """
    SELECT found.id FROM ROWS FROM (json_array_elements_text(%s),
        json_array_elements_text(%s)) AS w(system, external)
    CROSS JOIN LATERAL (SELECT l.id FROM leads_lead l
        WHERE l.external_system = w.system AND l.external_id = w.external
            AND NOT l.external_id = '' LIMIT 1) AS found
    UNION SELECT found.id FROM json_array_elements_text(%s) AS w(email)
    CROSS JOIN LATERAL (SELECT l.id FROM leads_lead l
        WHERE l.email_folded = w.email AND NOT l.email_folded = '' LIMIT 1) AS found
"""
_BY_PHONES = "UNION SELECT id FROM leads_lead WHERE phone = ANY(%s)"


def _ids_of(wanted: _Wanted) -> list[int]:
    systems, ids = zip(*wanted.named, strict=True) if wanted.named else ((), ())
    keys = (systems, ids, list(wanted.emails))
    params: list[Any] = [json.dumps(texts) for texts in keys]
    statement = _BY_KEYS
    if wanted.phones:
        # No index finds phones: leads known by nothing else are few, and so are such
        # rows.
        statement = f"{_BY_KEYS} {_BY_PHONES}"
        params.append(list(wanted.phones))
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [row[0] for row in cursor.fetchall()]
