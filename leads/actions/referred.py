"""What the items of a request refer to by number: is it there?"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from foundation.accounts.models import User
from foundation.kernel.errors import Invalid
from leads.models import Company
from leads.queries.references import keys

type Item = Mapping[str, Any]


class UnknownReference(Invalid):
    """A number names no record; ``field`` is where it stands."""

    code = "unknown_reference"


class Referred:
    """The campaigns, companies and owners of items, looked up once for all of them.

    One statement for each table that anything refers to.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        items = list(items)
        self._campaigns = _there(Campaign, items, "campaign_id")
        self._companies = _there(Company, items, "company_id")
        self._owners = User.objects.in_bulk(_wanted(items, "owner_id"))

    def require(self, item: Item) -> None:
        """Refuse an item that refers to what is not there.

        Raises:
            UnknownReference: with the field, as the API calls it.
        """
        known = {
            "campaign_id": self._campaigns,
            "company_id": self._companies,
            "owner_id": self._owners,
        }
        for name, there in known.items():
            if item.get(name) is not None and item[name] not in there:
                field = name.removesuffix("_id")
                raise UnknownReference(_("This number names nothing."), field=field)

    def owner(self, item: Item) -> User | None:
        """Return whom an item names as owner, once it was found to be there."""
        return self._owners.get(item.get("owner_id") or 0)


def _wanted(items: Iterable[Item], name: str) -> set[int]:
    return set(keys(item.get(name) for item in items))


def _there(model: type[Model], items: Iterable[Item], name: str) -> set[int]:
    if not (wanted := _wanted(items, name)):
        return set()
    rows = model._default_manager.filter(pk__in=wanted)
    return set(rows.values_list("pk", flat=True))
