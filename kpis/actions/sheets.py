"""The answers of a page: worked out once per position, then read by everybody."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from foundation.accounts.models import Workspace
from foundation.accounts.queries import workspace
from foundation.kernel.periods import DAY, Period
from foundation.ledger import queries as ledger
from kpis.actions.turns import turn
from kpis.models import Sheet
from kpis.queries import cards, sheets
from kpis.queries.reading import Reading, reading
from kpis.queries.sheets import Place

KEPT = timedelta(days=1)
"""How long a page that nobody looks at any more is kept."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Answers:
    """What a page may ask, of one position: kept answers, or a snapshot that tells."""

    seen: Reading
    found: dict[str, Any] = field(default_factory=dict)
    again: Callable[[str], Any] | None = None

    def of(self, key: str) -> Any:  # noqa: ANN401 -- JSON
        """Return an answer as JSON holds it; the same for everybody at a position."""
        if key not in self.found:
            tell = self.again or self._now
            self.found[key] = json.loads(json.dumps(tell(key)))
        return self.found[key]

    def _now(self, key: str) -> Any:  # noqa: ANN401 -- JSON
        return sheets.worked_out(key, self.seen)


@contextmanager
def answers(page: str, *, at: datetime) -> Iterator[Answers]:
    """Answer a page's questions as everything stands now, at one ledger position.

    What the page asks is worked out in one repeatable-read transaction and kept under
    its position; while position, local day and settings stay the same everybody reads
    the same sheet. Of several who want it at once one works and the others wait. It is
    no business write. Call it outside a transaction.

    Args:
        page: its name, from which follows what it asks: the same name, the same
            questions.
        at: now.
    """
    settings, position = workspace.current(), ledger.position()
    place = _place(page, settings, at)
    if sheet := sheets.stored(place, position=position):
        yield _opened(sheet, settings, at)
        return
    with turn(f"sheet {page}"):
        if sheet := sheets.stored(place, position=position):
            yield _opened(sheet, settings, at)
            return
        with reading(at=at) as seen:
            told = Answers(seen)
            yield told
        _keep(page, told, at=at, asked_at=at)


def renew(sheet: Sheet, *, at: datetime) -> None:
    """Work a page's questions out anew, unless somebody did at this position."""
    with turn(f"sheet {sheet.page}"):
        place = _place(sheet.page, workspace.current(), at)
        if sheets.stored(place, position=ledger.position()):
            return
        with reading(at=at) as seen:
            told = Answers(seen)
            for key in sheet.answers:
                told.of(key)
        _keep(sheet.page, told, at=at, asked_at=sheet.asked_at)


def forget(*, at: datetime) -> int:
    """Delete the sheets of pages that nobody has asked for lately; return how many."""
    return Sheet.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def _place(page: str, settings: Workspace, at: datetime) -> Place:
    return Place(page, settings.today(at), digest(cards.settings_of(settings)))


def _opened(sheet: Sheet, settings: Workspace, at: datetime) -> Answers:
    """Open a stored sheet; what it lacks is told as of its position."""
    if sheet.asked_at < at - _MINUTE:
        Sheet.objects.filter(pk=sheet.pk).update(asked_at=at)
    day = Period(sheet.day, sheet.day + DAY, "all")
    seen = Reading(sheet.position, None, sheet.computed_at, settings, day)

    def again(key: str) -> Any:  # noqa: ANN401 -- JSON
        with reading(at=at, as_of=sheet.position, told_at=sheet.computed_at) as then:
            return sheets.worked_out(key, then)

    return Answers(seen, sheet.answers, again)


def _keep(page: str, told: Answers, *, at: datetime, asked_at: datetime) -> None:
    """Store what was told; older sheets of the page go."""
    seen = told.seen
    settings = cards.settings_of(seen.workspace)
    with transaction.atomic():
        Sheet.objects.filter(page=page, position__lte=seen.position).delete()
        sheet = Sheet(
            page=page,
            position=seen.position,
            day=seen.today,
            settings=settings,
            settings_digest=digest(settings),
            answers=told.found,
            computed_at=at,
            asked_at=asked_at,
        )
        Sheet.objects.bulk_create([sheet], ignore_conflicts=True)


def digest(settings: dict[str, str | int]) -> str:
    """Return one short text for the settings that numbers depend on."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
