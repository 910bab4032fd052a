"""Play the stories through the product's own actions, week by week."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from campaigns.actions import campaigns, spend
from campaigns.actions.spend import NewSpend
from deals.actions import deals, revenue
from deals.actions.deals import DealFacts
from deals.actions.revenue import NewRevenue
from foundation.accounts.actions import people, teams, workspace
from foundation.accounts.actions.people import Newcomer
from foundation.accounts.enums import Role
from foundation.accounts.models import Team, User
from foundation.accounts.models import Workspace as Settings
from foundation.currencies.actions import rates
from integrations.example import names, setting
from integrations.example.meetings import Room
from integrations.example.stories import Story, Teller, ToldStage
from leads.actions import companies, leads, stages, touchpoints
from leads.actions.leads import NewLead
from leads.actions.touchpoints import Touch
from leads.models import Lead
from sla.actions import agreement, calendars, sweeping

WEEK = timedelta(days=7)
_OFFICE_PASSWORD_BYTES = 24


@dataclass(frozen=True)
class Cast:
    """Who plays: sellers by country, and what the stories refer to by name."""

    sellers: dict[str, list[User]]
    companies: dict[str, int]
    campaigns: dict[str, int]


def play(
    *, at: datetime, told: Callable[[int, int], None] = lambda _d, _a: None
) -> int:
    """Fill an empty workspace up to ``at``; return how many leads there are.

    The same ``at`` gives the same company. ``told`` hears how many weeks are done.
    """
    stories = Teller(at).tell()
    start = stories[0].created.at - timedelta(days=3)
    cast = _prepare(stories, start=start, end=at)
    weeks = list(_weeks(start, at))
    stage, room = _Stage(stories, cast), Room(end=at)
    for number, (begin, end) in enumerate(weeks):
        stage.week(begin, end)
        room.week_ends(end)
        told(number + 1, len(weeks))
    return stage.count


def _weeks(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + WEEK, end)
        start += WEEK


def _prepare(stories: Sequence[Story], *, start: datetime, end: datetime) -> Cast:
    workspace.mark_example(by=None, at=start)
    settings = {"name": setting.COMPANY, "time_zone": "Europe/Bucharest"}
    workspace.configure(settings, by=None, at=start)
    sellers = _people(start)
    _rates(start, end)
    made = _campaigns(stories, start, end)
    firms = {story.company["domain"]: story.company for story in stories}
    rows = companies.create_many(list(firms.values()), by=None, at=start)
    return Cast(sellers, {row.domain: row.pk for row in rows}, made)


def _people(start: datetime) -> dict[str, list[User]]:
    rooms = {
        name: teams.create(
            Team(
                name=name,
                function=function,
                country=country,
                time_zone=setting.TIME_ZONES[country],
            ),
            by=None,
            at=start,
        )
        for name, (function, country) in setting.TEAMS.items()
    }
    _agree(rooms, start)
    sellers: dict[str, list[User]] = {"RO": [], "PL": []}
    for name, role, room, language in setting.PEOPLE:
        first, last = (names.plain(part) for part in name.split())
        newcomer = Newcomer(
            name,
            role,
            f"{first}.{last}@nordvest.example",
            rooms.get(room),
            language,
            secrets.token_urlsafe(_OFFICE_PASSWORD_BYTES),
        )
        person = people.create(newcomer, by=None, at=start)
        if role == Role.SALES_REP:
            sellers[rooms[room].country].append(person)
    return sellers


def _agree(rooms: dict[str, Team], start: datetime) -> None:
    for team in rooms.values():
        draft = calendars.Draft(
            team.name, team.time_zone, country=team.country, team=team
        )
        calendars.draw_up(draft, by=None, at=start)
    agreement.put_in_force(agreement.FIRST_PROPOSAL, by=None, at=start)


def _rates(start: datetime, end: datetime) -> None:
    """Publish a rate a week that wanders a little, with leu and złoty to one euro."""
    draw, now = Random(7), dict(setting.FIRST_RATES)  # noqa: S311 -- no secret is drawn
    published = []
    day = start.date() - WEEK
    while day <= end.date():
        for currency, rate in now.items():
            published.append((currency, day, rate))
            step = Decimal(draw.randrange(-9, 11)) / 2_000
            now[currency] = rate + step
        day += WEEK
    rates.publish_many(published, by=None, at=start)


def _campaigns(
    stories: Sequence[Story], start: datetime, end: datetime
) -> dict[str, int]:
    sources = {story.campaign: story.source for story in stories}
    months: dict[tuple[str, str], datetime] = {}
    for story in stories:
        months.setdefault(
            (story.campaign, f"{story.created.at:%Y-%m}"), story.created.at
        )
    made = campaigns.named(set(sources), by=None, at=start)
    new = [
        NewSpend(
            made[name],
            moment.date(),
            Decimal(sources[name].month_cost),
            "EUR",
            "media",
        )
        for (name, _month), moment in sorted(months.items())
    ]
    spend.enter_many(new, by=None, at=end)
    return made


class _Stage:
    """The stories on their way through the product."""

    def __init__(self, stories: Sequence[Story], cast: Cast) -> None:
        self.stories, self.cast, self.count = stories, cast, 0
        self.rows: dict[int, Lead] = {}

    def week(self, begin: datetime, end: datetime) -> None:
        """Tell the product everything that was written down in one week."""
        self._create(begin, end)
        told = [story for story in self.stories if story.number in self.rows]
        self._touch(told, begin, end)
        self._advance(told, begin, end)
        self._deal(told, begin, end)
        self._pay(told, begin, end)
        sweeping.sweep(at=end)

    def _owner(self, story: Story) -> User:
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
                        "owner_id": self._owner(story).pk,
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

    def _touch(self, told: Sequence[Story], begin: datetime, end: datetime) -> None:
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
                    "actor_id": self._owner(story).pk
                    if touch.team == "sales"
                    else None,
                },
                touch.when.recorded_at,
            )
            for story in told
            for touch in story.touches
            if begin <= touch.when.recorded_at < end
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
        wishes = [self._wish(change, story) for change, story in moves]
        if wishes:
            stages.advance_many(wishes, by=None, at=end)

    def _wish(self, change: ToldStage, story: Story) -> stages.Advance:
        sales = change.cause in {"accepted", "refused"}
        return stages.Advance(
            self.rows[story.number].pk,
            change.stage,
            change.when.at,
            change.cause,
            change.reason,
            self._owner(story).pk if sales else None,
            recorded_at=change.when.recorded_at,
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
        closed = deal.closed.at if deal.closed and deal.closed.at < end else None
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
    moments = [deal.opened.at, *([deal.closed.at] if deal.closed else [])]
    return any(begin <= moment < end for moment in moments)


def is_empty() -> bool:
    """Tell whether the workspace holds no records yet."""
    return not Lead.objects.exists() and not Settings.objects.filter(is_example=True)
