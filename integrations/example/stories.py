"""What happens to each lead of the example company, drawn from one seed.

A bottleneck is built in: since the spring the Warsaw team is one person short, answers
late and accepts fewer of the leads it gets, most of all those from trade fairs.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from integrations.example import names
from integrations.example.setting import (
    CURRENCIES,
    LEADS,
    MONTHS,
    SEGMENTS,
    SOURCES,
    TIME_ZONES,
    Source,
)

_DAY = timedelta(days=1)
SHORT_STAFFED = timedelta(days=250)


@dataclass(frozen=True)
class Moment:
    """When something happened and when it was written down."""

    at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class ToldTouch:
    when: Moment
    type: str
    channel: str
    direction: str
    team: str
    proof: str
    automatic: bool = False


@dataclass(frozen=True)
class ToldStage:
    when: Moment
    stage: str
    cause: str
    reason: str = ""


@dataclass(frozen=True)
class ToldDeal:
    opened: Moment
    closed: Moment | None
    outcome: str
    amount: Decimal
    currency: str
    reason: str = ""


@dataclass(frozen=True)
class ToldRevenue:
    when: date
    kind: str
    amount: Decimal | None
    reason: str = ""


@dataclass
class Story:
    """One lead from the first touch on; times after the end are cut by the player."""

    number: int
    country: str
    source: Source
    segment: str
    created: Moment
    values: dict[str, str]
    company: dict[str, str]
    campaign: str
    owner: int
    touches: list[ToldTouch] = field(default_factory=list)
    stages: list[ToldStage] = field(default_factory=list)
    deal: ToldDeal | None = None
    revenue: list[ToldRevenue] = field(default_factory=list)


class Teller:
    """Draws the stories; the same ``end`` and ``seed`` give the same ones."""

    def __init__(self, end: datetime, *, seed: int = 1) -> None:
        self.random, self.end = Random(seed), end  # noqa: S311 -- no secret is drawn
        self.start = end - timedelta(days=round(MONTHS * 30.44))
        self.companies: set[str] = set()
        self.people: set[str] = set()

    def tell(self) -> list[Story]:
        """Return every lead's story, the oldest first."""
        moments = sorted(self._creation() for _ in range(LEADS))
        return [self._story(n, moment) for n, moment in enumerate(moments)]

    def _creation(self) -> datetime:
        """Draw a time: growing over the months, on weekdays, by day."""
        span = (self.end - self.start).total_seconds()
        while True:
            share = self.random.random() ** 0.85
            moment = self.start + timedelta(seconds=share * span)
            local = moment.astimezone(ZoneInfo("Europe/Bucharest"))
            weight = 1.0 if local.weekday() < 5 else 0.25
            if 7 <= local.hour < 22 and self.random.random() < weight:
                return moment.replace(microsecond=0)

    def _story(self, number: int, at: datetime) -> Story:
        draw = self.random
        country = "RO" if draw.random() < 0.56 else "PL"
        source = draw.choices(SOURCES, [s.share for s in SOURCES])[0]
        segment = draw.choices(SEGMENTS, [s[1] for s in SEGMENTS])[0]
        first, last = (
            draw.choice(names.FIRST[country]),
            draw.choice(names.LAST[country]),
        )
        company = self._company(country, segment[0])
        story = Story(
            number=number,
            country=country,
            source=source,
            segment=segment[0],
            created=Moment(at, at),
            values=self._values(first, last, company["domain"], number),
            company=company,
            campaign=_campaign(source, at),
            owner=draw.randrange(1_000_000),
        )
        self._marketing(story)
        self._path(story, fit=source.quality * segment[2])
        return story

    def _company(self, country: str, segment: str) -> dict[str, str]:
        draw = self.random
        place, trade = draw.choice(names.PLACES[country]), draw.choice(names.TRADES)
        ending = draw.choice(names.ENDINGS[country])
        name = f"{place} {trade} {ending}"
        stem = names.plain(f"{place}-{trade}-{ending.split()[0]}").replace("--", "-")
        return {
            "name": name,
            "domain": f"{stem}.example",
            "country": country,
            "segment": segment,
        }

    def _values(
        self, first: str, last: str, domain: str, number: int
    ) -> dict[str, str]:
        draw, address = self.random, f"{names.plain(first)}.{names.plain(last)}"
        if f"{address}@{domain}" in self.people:
            address += str(number)
        self.people.add(f"{address}@{domain}")
        return {
            "first_name": first,
            "last_name": last,
            "email": f"{address}@{domain}",
            "phone": f"+{draw.choice(['40', '48'])}7{draw.randrange(10**7, 10**8)}",
            "job_title": draw.choice(names.TITLES),
        }

    def _marketing(self, story: Story) -> None:
        draw, source = self.random, story.source
        story.touches.append(self._touch(story.created.at, source, source.first_touch))
        for _ in range(draw.choices([0, 1, 2, 3], [30, 35, 25, 10])[0]):
            at = story.created.at + draw.uniform(0.5, 25) * _DAY
            kind = draw.choice(["click", "visit", "download", "webinar"])
            story.touches.append(self._touch(at, source, kind))

    def _touch(self, at: datetime, source: Source, kind: str) -> ToldTouch:
        channel = source.channel if kind == source.first_touch else "email"
        when = Moment(at, at)
        return ToldTouch(
            when, kind, channel, "inbound", "marketing", "system", automatic=True
        )

    def _path(self, story: Story, *, fit: float) -> None:
        draw = self.random
        if draw.random() > 0.28 + 0.42 * fit:
            return
        quick = draw.random() < 0.45
        wait = draw.uniform(0.01, 0.5) if quick else draw.uniform(1, 20)
        mql = self._office(story, story.created.at + wait * _DAY)
        by_hand = draw.random() < 0.11
        reason = draw.choice(["asked_for_offer", "known_account"]) if by_hand else ""
        cause = "hand" if by_hand else "definition"
        self._stage(story, mql, "mql", cause, reason)
        self._sales(story, mql, fit)

    def _strained(self, story: Story, at: datetime) -> bool:
        return story.country == "PL" and self.end - at < SHORT_STAFFED

    def _sales(self, story: Story, mql: datetime, fit: float) -> None:
        draw, strained = self.random, self._strained(story, mql)
        chance = 0.50 + 0.30 * fit
        if strained:
            chance *= 0.40 if story.source.name == "trade_fair" else 0.62
        if draw.random() < (0.16 if strained else 0.05):
            return
        hours = draw.lognormvariate(1.5 if strained else -0.1, 0.9)
        answer = self._office(story, mql + timedelta(hours=hours))
        self._call(story, answer)
        if draw.random() > chance:
            self._refuse(story, answer, mql)
            return
        self._stage(story, answer + timedelta(minutes=3), "sal", "accepted")
        self._work(story, answer, fit)

    def _refuse(self, story: Story, answer: datetime, mql: datetime) -> None:
        draw = self.random
        at = self._office(story, answer + timedelta(hours=draw.uniform(0.1, 9)))
        stage = "recycled" if draw.random() < 0.6 else "disqualified"
        reasons = {
            "recycled": ["no_budget", "no_need", "not_reached", "no_decision_maker"],
            "disqualified": ["wrong_company", "out_of_territory", "no_interest"],
        }
        self._stage(story, at, stage, "refused", draw.choice(reasons[stage]))
        if stage == "recycled" and draw.random() < 0.18:
            again = self._office(story, at + draw.uniform(40, 120) * _DAY)
            self._stage(story, again, "mql", "definition")
            self._sales(story, again, 0.5)

    def _work(self, story: Story, accepted: datetime, fit: float) -> None:
        draw = self.random
        for _ in range(draw.choices([1, 2, 3, 4], [35, 35, 20, 10])[0]):
            self._call(story, self._office(story, accepted + draw.uniform(1, 9) * _DAY))
        at = self._office(story, accepted + draw.uniform(2, 14) * _DAY)
        if draw.random() > 0.55 + 0.22 * fit:
            reason = draw.choice(["not_reached", "no_need", "too_early"])
            self._stage(story, at, "recycled", "hand", reason)
            return
        self._stage(story, at, "sql", "hand", "asked_for_offer")
        if draw.random() < 0.62 + 0.15 * fit:
            self._sell(story, at, fit)

    def _sell(self, story: Story, sql: datetime, fit: float) -> None:
        draw = self.random
        opened = self._office(story, sql + draw.uniform(1, 12) * _DAY)
        euro = draw.random() < 0.15
        currency = "EUR" if euro else CURRENCIES[story.country]
        size = Decimal(round(draw.lognormvariate(9.2, 0.7) / 10) * 10)
        amount = size if euro else size * (5 if story.country == "RO" else 4)
        won = draw.random() < 0.24 + 0.16 * fit
        closed = self._office(story, opened + draw.uniform(12, 85) * _DAY)
        reason = "" if won else draw.choice(["price", "competitor_won", "no_decision"])
        told = (
            Moment(opened, opened),
            Moment(closed, closed),
            "won" if won else "lost",
        )
        story.deal = ToldDeal(*told, amount, currency, reason)
        self._call(story, self._office(story, opened + 3 * _DAY))
        if won:
            self._pay(story, closed.date(), amount)

    def _pay(self, story: Story, start: date, amount: Decimal) -> None:
        """A year's worth in monthly amounts; some grow, some shrink, some leave."""
        draw, month = self.random, (amount / 12).quantize(Decimal("0.01"))
        story.revenue.append(ToldRevenue(start, "new", month))
        if draw.random() < 0.35:
            setup = (amount / 10).quantize(Decimal("0.01"))
            story.revenue.append(ToldRevenue(start, "one_off", setup))
        day, running = start, month
        while (day := day + timedelta(days=draw.randrange(60, 150))) < self.end.date():
            fate = draw.random()
            if fate < 0.09:
                reason = draw.choice(["price", "no_need", "competitor"])
                story.revenue.append(ToldRevenue(day, "churn", None, reason))
                return
            if fate < 0.34:
                more = (running * Decimal("0.18")).quantize(Decimal("0.01"))
                story.revenue.append(ToldRevenue(day, "expansion", more))
                running += more
            elif fate < 0.40:
                less = (running * Decimal("0.15")).quantize(Decimal("0.01"))
                story.revenue.append(ToldRevenue(day, "contraction", less))
                running -= less

    def _call(self, story: Story, at: datetime) -> None:
        """Sales gets in touch; a tenth of it is written down long after."""
        draw = self.random
        late = draw.random() < 0.09
        recorded = at + timedelta(hours=draw.uniform(3, 20)) if late else at
        kind = draw.choices(["call", "email", "meeting"], [62, 30, 8])[0]
        channel = {"call": "phone", "email": "email", "meeting": "meeting"}[kind]
        proofs = {"call": "call_record", "email": "email_id", "meeting": "calendar"}
        proof = "self_reported" if draw.random() < 0.4 else proofs[kind]
        when = Moment(at, recorded)
        story.touches.append(ToldTouch(when, kind, channel, "outbound", "sales", proof))

    def _stage(
        self, story: Story, at: datetime, stage: str, cause: str, reason: str = ""
    ) -> None:
        story.stages.append(ToldStage(Moment(at, at), stage, cause, reason))

    def _office(self, story: Story, at: datetime) -> datetime:
        """Move a moment into the office hours of the lead's country."""
        zone = ZoneInfo(TIME_ZONES[story.country])
        local = at.astimezone(zone)
        minutes = self.random.randrange(0, 170)
        if local.hour >= 18:
            local = _morning(local + _DAY, minutes)
        elif local.hour < 9:
            local = _morning(local, minutes)
        while local.weekday() >= 5:
            local = _morning(local + _DAY, minutes)
        return max(local.astimezone(UTC), at.astimezone(UTC))


def _morning(local: datetime, minutes: int) -> datetime:
    start = datetime.combine(local.date(), time(9), local.tzinfo)
    return start + timedelta(minutes=minutes)


def _campaign(source: Source, at: datetime) -> str:
    half = "spring" if at.month <= 6 else "autumn"
    return f"{source.name.replace('_', ' ').capitalize()}, {half} {at.year}"
