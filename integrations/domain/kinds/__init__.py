"""The kinds of files and what each can hold."""

from difflib import get_close_matches
from typing import Final

from integrations.domain.kinds.campaigns import CAMPAIGNS
from integrations.domain.kinds.companies import COMPANIES
from integrations.domain.kinds.deals import DEALS
from integrations.domain.kinds.exchange_rates import EXCHANGE_RATES
from integrations.domain.kinds.identity import Identity
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.leads import LEADS
from integrations.domain.kinds.revenue import REVENUE
from integrations.domain.kinds.spend import SPEND
from integrations.domain.kinds.stage_changes import STAGE_CHANGES
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.touchpoints import TOUCHPOINTS
from integrations.domain.problems import BadMapping, Problem

__all__ = ["KINDS", "Identity", "Kind", "Target", "Type", "kind_of"]

# In the order in which files are loaded: what is referred to comes first.
_ALL = (
    *(COMPANIES, CAMPAIGNS, LEADS, STAGE_CHANGES, TOUCHPOINTS),
    *(DEALS, EXCHANGE_RATES, SPEND, REVENUE),
)
KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> Kind:
    """Return a kind by its name.

    Raises:
        BadMapping: there is no such kind.
    """
    if name in KINDS:
        return KINDS[name]
    nearest = "".join(get_close_matches(name, KINDS, n=1))
    about = {"kind": name, "kinds": ", ".join(KINDS), "nearest": nearest}
    raise BadMapping([Problem("unknown_kind", about)])
