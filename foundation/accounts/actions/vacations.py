"""Write down who is away when, and who stands in for them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts import rules
from foundation.accounts.models import User, Vacation
from foundation.accounts.queries import vacations as queries
from foundation.kernel.errors import DomainError, Forbidden, Invalid
from foundation.ledger import actions as ledger

LONGEST = timedelta(days=366)


class NotYourVacation(Forbidden):
    """One writes down one's own; a head those of the department, operations all."""

    code = "not_your_vacation"


class WrongVacation(Invalid):
    """The days are in the wrong order, over already, or too many."""

    code = "wrong_vacation"


class AwayAlready(DomainError):
    """There is a vacation in these days already."""

    code = "away_already"


class WrongDeputy(Invalid):
    """Who stands in is somebody else of the same department who can sign in."""

    code = "wrong_deputy"


class VacationOver(DomainError):
    """What is over, or was taken back, stays as it was."""

    code = "vacation_over"


@dataclass(frozen=True)
class Wish:
    """Whose vacation, from when to when (local dates, both included), and the deputy.

    Without a deputy the head has the person's clocks.
    """

    person: User
    starts_on: date
    ends_on: date
    deputy: User | None = None


def write_down(wish: Wish, *, by: User | None, at: datetime) -> Vacation:
    """Write a vacation down. Its clocks pass when it begins (`sla`), not before.

    The days are those of the person's time zone. One that has begun already holds from
    now on: what counted until now stays.

    Raises:
        NotYourVacation, WrongVacation, AwayAlready, WrongDeputy
    """
    _require_may(by, wish.person)
    starts_at, ends_at = _edges(wish, queries.zone_of(wish.person))
    _check(wish, ends_at, at)
    with ledger.entry(by=by, at=at, cause="vacation") as entry:
        _refuse_second(wish)
        row = Vacation.objects.create(
            person=wish.person,
            deputy=wish.deputy,
            starts_on=wish.starts_on,
            ends_on=wish.ends_on,
            starts_at=starts_at,
            ends_at=ends_at,
            recorded_at=at,
            recorded_by=by,
        )
        _record(entry, "written_down", row)
    return row


def take_back(row: Vacation, *, by: User | None, at: datetime) -> None:
    """Take a vacation back, or end it now if it has begun. Safe to repeat.

    Raises:
        NotYourVacation: as for `write_down`.
        VacationOver: it is over.
    """
    _require_may(by, row.person)
    with ledger.entry(by=by, at=at, cause="vacation") as entry:
        kept = Vacation.objects.filter(pk=row.pk, withdrawn_at__isnull=True)
        if kept.filter(ends_at__gt=at).update(withdrawn_at=at):
            _record(entry, "taken_back", row)
        elif kept.exists():
            raise VacationOver(_("This vacation is over."))


def stand_in(person: int, other: int | None, *, at: datetime) -> bool:
    """Note who has somebody's clocks from now on, or that they have them again.

    Joins the open ledger entry; tells whether that was not so yet.
    """
    rows = User.objects.filter(pk=person).exclude(stood_in_by=other)
    if other is None:
        rows = User.objects.filter(pk=person, stood_in_by__isnull=False)
    since = None if other is None else at
    if not rows.update(stood_in_by=other, stood_in_since_at=since):
        return False
    ledger.current().record(
        "accounts.person.stood_in",
        subject=("accounts.user", person),
        data={"by": other},
    )
    return True


def _require_may(by: User | None, person: User) -> None:
    if by is not None and not rules.may_keep_vacations(by, person):
        raise NotYourVacation(_("Ask them or their head to write this vacation down."))


def _edges(wish: Wish, zone: ZoneInfo) -> tuple[datetime, datetime]:
    after = wish.ends_on + timedelta(days=1)
    return (
        datetime.combine(wish.starts_on, time(), zone),
        datetime.combine(after, time(), zone),
    )


def _check(wish: Wish, ends_at: datetime, at: datetime) -> None:
    if wish.ends_on < wish.starts_on:
        raise WrongVacation(_("It ends before it begins."), field="ends_on")
    if ends_at <= at:
        raise WrongVacation(_("These days are over."), field="ends_on")
    if wish.ends_on - wish.starts_on > LONGEST:
        raise WrongVacation(_("Write down a year at most."), field="ends_on")
    deputy = wish.deputy
    if deputy is not None and not rules.may_deputise(deputy, wish.person):
        message = _("Choose somebody else of the same department who can sign in.")
        raise WrongDeputy(message, field="deputy")


def _refuse_second(wish: Wish) -> None:
    """Refuse what overlaps; two who write at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=wish.person.pk)
    days = Q(starts_on__lte=wish.ends_on, ends_on__gte=wish.starts_on)
    rows = Vacation.objects.filter(days, person=wish.person, withdrawn_at__isnull=True)
    if rows.exists():
        raise AwayAlready(
            _("There is a vacation in these days already."), field="starts_on"
        )


def _record(entry: ledger.Writer, word: str, row: Vacation) -> None:
    entry.record(
        f"accounts.vacation.{word}",
        subject=("accounts.vacation", row.pk),
        data={"person": row.person_id, "deputy": row.deputy_id},
    )
