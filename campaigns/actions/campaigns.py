from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.kernel.errors import DomainError
from foundation.ledger import actions as ledger


class AlreadyKnown(DomainError):
    """There is a campaign with this name or external id."""

    code = "already_known"


def create(values: Mapping[str, Any], *, by: User | None, at: datetime) -> Campaign:
    """Create a campaign.

    Raises:
        AlreadyKnown: its name or external id is another's.
    """
    with ledger.entry(by=by, at=at, cause="campaigns") as entry:
        Campaign.objects.bulk_create(
            [Campaign(**values, created_at=at)], ignore_conflicts=True
        )
        row = Campaign.objects.filter(name=values["name"], created_at=at).first()
        if row is None:
            raise AlreadyKnown(_("There is a campaign with this name or external id."))
        entry.record(
            "campaigns.campaign.created", subject=("campaigns.campaign", row.pk)
        )
    return row


def named(names: set[str], *, by: User | None, at: datetime) -> dict[str, int]:
    """Return the campaigns of these names, making those that are not there yet.

    A constant number of statements; a name that is blank is left out.
    """
    wanted = sorted(name for name in names if name)
    if not wanted:
        return {}
    with ledger.entry(by=by, at=at, cause="campaigns") as entry:
        before = set(
            Campaign.objects.filter(name__in=wanted).values_list("pk", flat=True)
        )
        Campaign.objects.bulk_create(
            [Campaign(name=name, created_at=at) for name in wanted],
            ignore_conflicts=True,
        )
        found = dict(Campaign.objects.filter(name__in=wanted).values_list("name", "pk"))
        entry.record_many(
            "campaigns.campaign.created",
            (
                (("campaigns.campaign", pk), {})
                for pk in sorted(set(found.values()) - before)
            ),
        )
    return found
