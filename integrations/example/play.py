"""Play the stories through the product's own actions, week by week."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from deals.actions import deals, revenue
from deals.actions.deals import DealFacts
from deals.actions.revenue import NewRevenue
from foundation.accounts.models import User
from foundation.accounts.models import Workspace as Settings
from foundation.ledger import queries as ledger
from integrations.example import agreeing, defining, pausing, telling
from integrations.example.company import Cast, prepare
from integrations.example.days import midnight
from integrations.example.meetings import Room
from integrations.example.sampling import Samples
from integrations.example.stories import Teller
from integrations.example.told import Story, ToldStage
from leads.actions import leads, stages, touchpoints
from leads.actions.leads import NewLead
from leads.actions.touchpoints import Touch
from leads.models import Lead
from sla.actions import sweeping

WEEK = timedelta(days=7)
_TOLD_WEEKS = 6


def play(
    *, at: datetime, told: Callable[[int, int], None] = lambda _d, _a: None
) -> int:
    """Fill an empty workspace up to ``at``; return how many leads there are.

    The same day gives the same company; only the minutes of what came today follow
    ``at``. ``told`` hears how many weeks are done.
    """
    stories = Teller(at).tell()
    start = stories[0].created.at - timedelta(days=3)
    cast = prepare(stories, start=start, end=at)
    weeks = list(_weeks(start, at))
    stage, room = _Stage(stories, cast), Room(end=at)
    samples = Samples(stage, end=at, today=midnight(at))
    agreeing.begin(at=start)
    defining.begin(at=start)
    positions = [0]
    for number, (begin, end) in enumerate(weeks):
        if number == len(weeks) * 3 // 5:
            defining.renew(at=begin)
        positions.append(ledger.position())
        stage.week(begin, end)
        samples.week_ends(begin, end)
        room.week_ends(end)
        told(number + 1, len(weeks))
    pausing.pause_some(at=at)
    defining.think_on(at=at)
    agreeing.think_on(at=at)
    telling.tell(since=positions[-_TOLD_WEEKS:][0], at=at)
    return stage.count


def _weeks(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + WEEK, end)
        start += WEEK


class _Stage:
    """The stories on their way through the product."""

    def __init__(self, stories: list[Story], cast: Cast) -> None:
        self.stories, self.cast, self.count = stories, cast, 0
        self.rows: dict[int, Lead] = {}
        self.definitions: list[tuple[datetime, int]] = []

    def week(self, begin: datetime, end: datetime) -> None:
        """Tell the product everything that was written down in one week."""
        self._create(begin, end)
        told = [story for story in self.stories if story.number in self.rows]
        self._touch(told, begin, end)
        self._advance(told, begin, end)
        # Who asks for a demo is qualified at that moment, not when the week is over.
        self._touch(told, begin, end, asked=True)
        self._deal(told, begin, end)
        self._pay(told, begin, end)
        while sweeping.sweep(at=end):
            pass

    def owner(self, story: Story) -> User:
        """Return who works a lead."""
        sellers = self.cast.sellers[story.country]
        return sellers[story.owner % len(sellers)]

    def _create(self, begin: datetime, end: datetime) -> None:
        new = [s for s in self.stories if begin <= s.created.at < end]
        if not new:
            return
        rows = leads.create_many(
            [
                NewLead(
                    {
                        **story.values,
                        "source": story.source.name,
                        "segment": story.segment,
                        "country": story.country,
                        "campaign_id": self.cast.campaigns[story.campaign],
                        "company_id": self.cast.companies[story.company["domain"]],
                        "owner_id": self.owner(story).pk,
                    },
                    story.created.at,
                    recorded_at=story.created.recorded_at,
                )
                for story in new
            ],
            by=None,
            at=end,
        )
        self.rows |= {s.number: row for s, row in zip(new, rows, strict=True)}
        self.count += len(rows)

    def _touch(
        self,
        told: Sequence[Story],
        begin: datetime,
        end: datetime,
        *,
        asked: bool = False,
    ) -> None:
        touches = [
            Touch(
                self.rows[story.number].pk,
                touch.when.at,
                {
                    "type": touch.type,
                    "channel": touch.channel,
                    "direction": touch.direction,
                    "team": touch.team,
                    "automatic": touch.automatic,
                    "proof": touch.proof,
                    "campaign_id": self.cast.campaigns[story.campaign],
                    "actor_id": self.owner(story).pk if touch.team == "sales" else None,
                },
                touch.when.recorded_at,
            )
            for story in told
            for touch in story.touches
            if begin <= touch.when.recorded_at < end
            and (touch.type == "demo_request") == asked
        ]
        if touches:
            touchpoints.log_many(touches, by=None, at=end)

    def _advance(self, told: Sequence[Story], begin: datetime, end: datetime) -> None:
        moves = [
            (change, story)
            for story in told
            for change in story.stages
            if begin <= change.when.at < end
        ]
        moves.sort(key=lambda move: (move[0].when.at, move[1].number))
        self.definitions = defining.moments()
        wishes = [self._wish(change, story) for change, story in moves]
        if wishes:
            stages.advance_many(wishes, by=None, at=end)

    def _wish(self, change: ToldStage, story: Story) -> stages.Advance:
        sales = change.cause in {"accepted", "refused"}
        met = change.cause == "definition"
        return stages.Advance(
            self.rows[story.number].pk,
            change.stage,
            change.when.at,
            change.cause,
            change.reason,
            self.owner(story).pk if sales else None,
            recorded_at=change.when.recorded_at,
            although_met=change.although_met,
            definition_id=defining.holding(self.definitions, change.when.at)
            if met
            else None,
        )

    def _deal(self, told: Sequence[Story], begin: datetime, end: datetime) -> None:
        facts = [
            self._facts(story, end)
            for story in told
            if story.deal and _moved(story, begin, end)
        ]
        if facts:
            deals.save_many(facts, by=None, at=end)

    def _facts(self, story: Story, end: datetime) -> DealFacts:
        deal = story.deal
        assert deal is not None  # noqa: S101 -- the caller looked
        closed = deal.closed.at if deal.closed.at < end else None
        own = {
            "external_system": "example",
            "external_id": f"D-{story.number}",
            "name": f"{story.company['name']} {story.created.at.year}",
            "lost_reason": deal.reason if closed else "",
        }
        return DealFacts(
            self.rows[story.number].pk,
            deal.outcome if closed else "open",
            deal.opened.at,
            closed,
            deal.amount,
            deal.currency,
            own,
            recorded_at=closed or deal.opened.at,
        )

    def _pay(self, told: Sequence[Story], begin: datetime, end: datetime) -> None:
        new = [
            NewRevenue(
                ("company", self.cast.companies[story.company["domain"]]),
                told_revenue.kind,
                told_revenue.when,
                told_revenue.amount,
                story.deal.currency,
                reason=told_revenue.reason,
                external_system="example",
                external_id=f"R-{story.number}-{place}",
            )
            for story in told
            if story.deal
            for place, told_revenue in enumerate(story.revenue)
            if begin.date() <= told_revenue.when < end.date()
        ]
        if new:
            revenue.enter_many(new, by=None, at=end)


def _moved(story: Story, begin: datetime, end: datetime) -> bool:
    deal = story.deal
    if deal is None:
        return False
    return any(begin <= when.at < end for when in (deal.opened, deal.closed))


def is_empty() -> bool:
    """Tell whether the workspace holds no records yet."""
    return not Lead.objects.exists() and not Settings.objects.filter(is_example=True)
