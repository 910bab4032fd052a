"""Work a signed share of refused leads all the same: the only measured answer.

Which lead is drawn follows from the digest of the signed definition, the lead and the
round, so the draw can be done again by anybody; nothing on the lead shows it until
sales has decided once more. Why: `docs/decisions/definitions-samples.md`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from foundation.ledger import actions as ledger
from leads.actions import leads, stages
from leads.domain.drawing import draw
from leads.enums import Cause, Exclusion, Stage
from leads.models import Lead, SecondChance, StageChange
from leads.queries.definitions import Definition

SOONEST = timedelta(days=2)
SPREAD_DAYS = 12
BATCH = 200
_GIVEN_BACK = (Stage.RECYCLED, Stage.DISQUALIFIED)


def consider(refusal: StageChange, held: Definition, *, at: datetime) -> bool:
    """Draw whether a refused lead is worked all the same; tell whether it is.

    Joins the open ledger entry. The same refusal is never drawn differently.
    """
    parts = (held.version.digest, refusal.lead_id, refusal.round)
    number = draw("second-chance", *parts)
    if number >= held.second_chance:
        return False
    wait = SOONEST + timedelta(days=float(draw("wait", *parts)) * SPREAD_DAYS)
    SecondChance.objects.create(
        lead_id=refusal.lead_id,
        refusal=refusal,
        definition=held.version,
        share=held.second_chance,
        draw=number,
        due_at=at + wait,
        entry_id=ledger.current().pk,
    )
    return True


def are_due(*, at: datetime) -> bool:
    """Tell whether the time of a drawn lead has come."""
    return _due(at).exists()


def _due(at: datetime) -> QuerySet[SecondChance]:
    return SecondChance.objects.filter(
        entered=None, passed_over_at=None, due_at__lte=at
    )


def bring_back(*, at: datetime) -> int:
    """Let the drawn leads whose time has come become MQL again; return how many.

    They get another round like any lead that comes back, and belong to nobody, so that
    whoever refused them need not be the one who works them. One that came back by
    itself meanwhile, is left out of the numbers, or asked not to be contacted is passed
    over for good. Repeating it changes nothing.
    """
    due = list(
        _due(at).order_by("due_at", "pk").select_for_update(skip_locked=True)[:BATCH]
    )
    if not due:
        return 0
    with ledger.entry(by=None, at=at, cause="second-chance"):
        still = _still_away(due)
        wishes = [
            stages.Advance(
                row.lead_id,
                Stage.MQL,
                at,
                Cause.RETURNED,
                definition_id=row.definition_id,
            )
            for row in still
        ]
        stages.advance_many(wishes, by=None, at=at)
        _note(still, at)
        leads.change_many(
            [row.lead_id for row in still], "owner_id", None, by=None, at=at
        )
        gone = {row.pk for row in due} - {row.pk for row in still}
        SecondChance.objects.filter(pk__in=gone).update(passed_over_at=at)
    return len(still)


def _still_away(due: Sequence[SecondChance]) -> list[SecondChance]:
    ids = [row.lead_id for row in due]
    away = set(
        Lead.objects.filter(
            pk__in=ids,
            stage__in=_GIVEN_BACK,
            exclusion=Exclusion.NONE,
            do_not_contact=False,
        ).values_list("pk", flat=True)
    )
    return [row for row in due if row.lead_id in away]


def _note(rows: Sequence[SecondChance], at: datetime) -> None:
    changes = StageChange.objects.filter(
        lead__in=[row.lead_id for row in rows],
        to_stage=Stage.MQL,
        occurred_at=at,
        cause=Cause.RETURNED,
        in_force=True,
    )
    entered = {change.lead_id: change for change in changes}
    for row in rows:
        row.entered = entered.get(row.lead_id)
    SecondChance.objects.bulk_update(rows, ["entered"])
