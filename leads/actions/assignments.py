"""Give leads to people: by hand, or in turn."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import cycle, islice

from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Permission, Role
from foundation.accounts.models import Team, User
from foundation.accounts.queries import vacations
from foundation.accounts.rules import has_permission
from foundation.kernel.errors import DomainError, Forbidden
from foundation.ledger import actions as ledger
from leads import rules
from leads.actions.leads import change_many
from leads.models import Lead, Turn


class NotAllowed(Forbidden):
    """Only heads and revenue operations give leads to others."""

    code = "may_not_assign"


class NoOwner(DomainError):
    """The person does not work leads."""

    code = "no_owner"


class NobodyTakesLeads(DomainError):
    """There is nobody to hand leads out to."""

    code = "nobody_takes_leads"


def assign(
    lead_ids: Collection[int], *, owner: User | None, by: User, at: datetime
) -> int:
    """Give leads to one person, or to nobody; return how many changed hands.

    Anybody in sales may take an unassigned lead; giving to others needs a permission.

    Raises:
        NotAllowed: ``by`` may not give these leads to that person.
        NoOwner: the person does not work leads.
    """
    if owner is not None:
        _require_works_leads(owner)
    with ledger.entry(by=by, at=at, cause="assignment"):
        if not has_permission(by, Permission.LEADS_ASSIGN):
            _require_own_taking(lead_ids, owner, by)
        return change_many(
            lead_ids, "owner_id", owner.pk if owner else None, by=by, at=at
        )


def require_may_give(owner: User | None, *, by: User) -> None:
    """Refuse a new lead's owner whom ``by`` may not choose.

    Raises:
        NotAllowed, NoOwner: as `assign`.
    """
    if owner is None:
        return
    _require_works_leads(owner)
    if owner != by and not has_permission(by, Permission.LEADS_ASSIGN):
        raise NotAllowed(_("Ask your head to give this lead to somebody."))


def _require_works_leads(owner: User) -> None:
    if not rules.may_own(owner):
        raise NoOwner(_("Leads are given to people in sales."), field="owner")


def _require_own_taking(
    lead_ids: Collection[int], owner: User | None, by: User
) -> None:
    rows = Lead.objects.filter(pk__in=lead_ids).order_by("pk").select_for_update()
    held_by = {row.owner_id for row in rows} - {None, by.pk}
    if owner != by or held_by:
        raise NotAllowed(_("Ask your head to give this lead to somebody."))


def hand_out(
    lead_ids: Sequence[int], *, by: User, at: datetime, team: Team | None = None
) -> dict[int, int]:
    """Give leads in turn to those who take leads; return lead id → person id.

    Whoever waited longest comes first; people on vacation are passed over. Two
    hand-outs at once wait for each other, so turns stay fair.

    Raises:
        NotAllowed: ``by`` may not assign.
        NobodyTakesLeads: there is nobody whose turn it could be.
    """
    if not has_permission(by, Permission.LEADS_ASSIGN):
        raise NotAllowed(_("Only heads and revenue operations hand out leads."))
    with ledger.entry(by=by, at=at, cause="assignment"):
        people = _in_turn(team, at)
        if not people:
            raise NobodyTakesLeads(_("Nobody in sales takes leads now."))
        owners = list(islice(cycle(people), len(lead_ids)))
        given = dict(zip(lead_ids, owners, strict=True))
        for person in sorted(set(owners)):
            theirs = [pk for pk, owner in given.items() if owner == person]
            change_many(theirs, "owner_id", person, by=by, at=at)
        _note_turns(owners, at)
    return given


def _in_turn(team: Team | None, at: datetime) -> list[int]:
    people = User.objects.filter(
        takes_leads=True,
        is_active=True,
        role__in=[Role.SALES_REP, Role.HEAD_OF_SALES],
    ).exclude(pk__in=vacations.away(at=at).values("person"))
    if team is not None:
        people = people.filter(team=team)
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    Turn.objects.bulk_create(
        [
            Turn(person_id=pk, given_at=datetime.min.replace(tzinfo=at.tzinfo))
            for pk in ids
        ],
        ignore_conflicts=True,
    )
    turns = Turn.objects.filter(person__in=ids).select_for_update()
    return [turn.person_id for turn in turns.order_by("given_at", "person_id")]


def _note_turns(owners: Sequence[int], at: datetime) -> None:
    """Put those who got leads behind the others, the last one last."""
    last = {person: place for place, person in enumerate(owners)}
    order = sorted(last, key=lambda person: last[person])
    turns = {turn.person_id: turn for turn in Turn.objects.filter(person__in=order)}
    for place, person in enumerate(order):
        turns[person].given_at = at.replace(microsecond=place)
    Turn.objects.bulk_update(turns.values(), ["given_at"])
