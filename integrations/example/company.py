"""Set the example company up: settings, people, hours, agreement, targets, rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from campaigns.actions import campaigns, spend
from campaigns.actions.spend import NewSpend
from foundation.accounts.actions import people, teams, workspace
from foundation.accounts.actions.people import Newcomer
from foundation.accounts.enums import Role
from foundation.accounts.models import Team, User
from foundation.currencies.actions import rates
from foundation.kernel.periods import DAY, around, day_of
from integrations.example import names, setting
from integrations.example.told import Story
from kpis.actions import targets
from leads.actions import companies
from sla.actions import calendars

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Cast:
    """Who plays: sellers by country, and what the stories refer to by name."""

    sellers: dict[str, list[User]]
    companies: dict[str, int]
    campaigns: dict[str, int]


def prepare(stories: Sequence[Story], *, start: datetime, end: datetime) -> Cast:
    """Make everything that is there before the first lead; ``end`` is now."""
    workspace.mark_example(by=None, at=start)
    settings = {"name": setting.COMPANY, "time_zone": "Europe/Bucharest"}
    workspace.configure(settings, by=None, at=start)
    staff = _people(start)
    _agree_on_targets(staff, start, end)
    _rates(start, end)
    made = _campaigns(stories, start, end)
    firms = {story.company["domain"]: story.company for story in stories}
    rows = companies.create_many(list(firms.values()), by=None, at=start)
    return Cast(_sellers(staff), {row.domain: row.pk for row in rows}, made)


def _people(start: datetime) -> list[User]:
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
    return [_person(one, rooms, start) for one in setting.PEOPLE]


def _person(
    one: tuple[str, Role, str, str], rooms: dict[str, Team], start: datetime
) -> User:
    """Make somebody who may sign in once they have set a password."""
    name, role, room, language = one
    first, last = (names.plain(part) for part in name.split())
    address = f"{first}.{last}@nordvest.example"
    newcomer = Newcomer(name, role, address, rooms.get(room), language)
    person = people.create(newcomer, by=None, at=start)
    people.enable(person, by=None, at=start)
    person.refresh_from_db()
    return person


def _sellers(staff: Sequence[User]) -> dict[str, list[User]]:
    reps = [person for person in staff if person.role == Role.SALES_REP]
    found: dict[str, list[User]] = {country: [] for country in setting.TIME_ZONES}
    for rep in reps:
        if rep.team is not None:
            found[rep.team.country].append(rep)
    return found


def _agree(rooms: dict[str, Team], start: datetime) -> None:
    for team in rooms.values():
        draft = calendars.Draft(
            team.name, team.time_zone, country=team.country, team=team
        )
        calendars.draw_up(draft, by=None, at=start)


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


def _agree_on_targets(staff: Sequence[User], start: datetime, end: datetime) -> None:
    """Set what the heads agreed on: shares for good, new revenue by period."""
    head = _one(staff, Role.HEAD_OF_SALES)
    for key, value in setting.TARGETS.items():
        targets.set_target(key, value, by=head, at=start)
    today = day_of(end, ZoneInfo(setting.TIME_ZONES[setting.HOME]))
    for step, value in setting.NEW_REVENUE.items():
        this = around(today, step)
        for period in (around(this.first - DAY, step), this):
            targets.set_target(
                "revenue_new", value, period=period.label, by=head, at=start
            )


def _one(staff: Sequence[User], role: Role) -> User:
    return next(person for person in staff if person.role == role)
