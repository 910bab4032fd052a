from datetime import timedelta

from foundation.ledger import actions as ledger
from leads.enums import Cause, Stage
from leads.models import Lead, SecondChance, StageChange
from leads.queries import definitions
from tests.factories.definitions import define
from tests.factories.leads import make_lead, move

DAY = timedelta(days=1)


def make_second_chance(entered_at, *, decided=True, won_at=None) -> Lead:
    """Return a lead that was refused, drawn, and came back at a moment.

    Sales has accepted it again a day later, if ``decided``.
    """
    held = definitions.in_force(Stage.MQL, at=entered_at)
    version = held.version if held else define(chance="0.5", at=entered_at - 90 * DAY)
    lead = make_lead(created_at=entered_at - 200 * DAY)
    moves = [
        (Stage.MQL, entered_at - 30 * DAY, Cause.IMPORT),
        (Stage.RECYCLED, entered_at - 20 * DAY, Cause.IMPORT),
        (Stage.MQL, entered_at, Cause.RETURNED),
    ]
    if decided:
        moves.append((Stage.SAL, entered_at + DAY, Cause.ACCEPTED))
    if won_at:
        moves.append((Stage.CUSTOMER, won_at, Cause.DEAL))
    for stage, when, cause in moves:
        assert move(lead, stage, when, cause=cause) == "advanced"
    changes = StageChange.objects.filter(lead=lead, implied=False)
    with ledger.entry(by=None, at=entered_at) as entry:
        SecondChance.objects.create(
            lead=lead,
            refusal=changes.get(to_stage=Stage.RECYCLED),
            definition=version,
            share="0.500",
            draw="0.1",
            due_at=entered_at,
            entered=changes.get(to_stage=Stage.MQL, round=2),
            entry_id=entry.pk,
        )
    return lead
