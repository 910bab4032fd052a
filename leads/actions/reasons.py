from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger
from leads.domain.default_reasons import DEFAULTS
from leads.enums import ReasonKind
from leads.models import Reason

_WORDS = ("label_en", "label_ro", "label_pl")


class CodeTaken(DomainError):
    """The list has a reason with this code already, in use or not."""

    code = "reason_code_taken"


class LastReason(DomainError):
    """Without a reason in use nobody could take that decision any more."""

    code = "last_reason"


def add_defaults(**_: Any) -> None:  # noqa: ANN401 -- Django's receiver protocol
    """Fill the lists of reasons with a usable start; what is there stays as it is."""
    Reason.objects.bulk_create(
        [
            Reason(
                kind=kind,
                code=code,
                label_en=english,
                label_ro=romanian,
                label_pl=polish,
                place=place,
            )
            for place, (kind, code, english, romanian, polish) in enumerate(DEFAULTS)
        ],
        ignore_conflicts=True,
    )


def create(reason: Reason, *, by: AbstractBaseUser | None, at: datetime) -> Reason:
    """Add a reason at the end of its list; people can choose it from now on.

    Raises:
        CodeTaken: the list has one with this code.
    """
    with ledger.entry(by=by, at=at, cause="reasons") as entry:
        known = _lock(ReasonKind(reason.kind))
        if any(row.code == reason.code for row in known):
            raise CodeTaken(_("This list has a reason with this code."), field="code")
        last = Reason.objects.aggregate(last=Max("place"))["last"] or 0
        reason.place = last + 1
        reason.save(force_insert=True)
        _record(entry, "leads.reason.created", reason)
    return reason


def change(reason: Reason, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Store a reason's words, and whether people can choose it.

    Kind and code stay, because past decisions name them; one that is out of use keeps
    its words in every list and number of the past. Saying the same again does nothing.

    Raises:
        LastReason: it is the only one of its list that is in use.
    """
    with ledger.entry(by=by, at=at, cause="reasons") as entry:
        known = {row.pk: row for row in _lock(ReasonKind(reason.kind))}
        before, names = known[reason.pk], [*_WORDS, "in_use"]
        others = any(row.in_use for row in known.values() if row.pk != reason.pk)
        if not (reason.in_use or others):
            raise LastReason(
                _("This is the last reason of its list. Add another one first."),
                field="in_use",
            )
        if any(getattr(before, name) != getattr(reason, name) for name in names):
            reason.save(update_fields=names)
            _record(entry, "leads.reason.changed", reason)


def _lock(kind: ReasonKind) -> list[Reason]:
    """Return a list's reasons; nobody changes them meanwhile."""
    rows = Reason.objects.filter(kind=kind).order_by("pk")
    return list(rows.select_for_update())


def _record(entry: ledger.Writer, event: str, reason: Reason) -> None:
    names = ("kind", "code", *_WORDS, "in_use")
    data = {name: getattr(reason, name) for name in names}
    entry.record(event, subject=("leads.reason", reason.pk), data=data)
