"""Clocks of many leads together with the facts that they are judged by."""

from collections.abc import Collection, Iterator

from sla.domain.clocks import Stored
from sla.domain.passages import Passage
from sla.queries import facts


def of_leads(lead_ids: Collection[int]) -> Iterator[tuple[Passage, Stored]]:
    """Go through all clocks of leads with their passages; at most five statements."""
    stored = facts.clocks(lead_ids)
    segments, pauses = facts.segments(stored.values()), facts.pauses(stored.values())
    passages = facts.passages(facts.of_clocks(lead_ids)) if stored else []
    touches = facts.touches({p.lead.lead for p in passages if p.lead.has_touch})
    by_round = {(p.lead.lead, p.lead.round): p for p in passages}
    for passage in passages:
        passage.touches = touches.get(passage.lead.lead, ())
    for (lead, round_, _), clock in stored.items():
        whole = Stored(clock, segments[clock.id], pauses[clock.id])
        yield by_round[lead, round_], whole
