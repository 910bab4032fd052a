"""Who asks, when, and whether the lead qualifies: drawn from one seed.

Everything up to the last midnight depends on the day only. A few leads come today,
within the hours before ``end``, so that something is always waiting in time.
"""

from datetime import datetime, timedelta
from random import Random

from foundation.kernel.periods import DAY
from integrations.example import names
from integrations.example.days import likelihood, midnight, office
from integrations.example.sales import Sales
from integrations.example.setting import (
    LEADS,
    MONTHS,
    SEGMENTS,
    SOURCES,
    TODAY,
    Source,
)
from integrations.example.told import Moment, Story, ToldTouch

_LATELY = timedelta(hours=5)


class Teller:
    """Draws the stories; the same day and ``seed`` give the same ones.

    Only the minutes of today's few leads follow the time of day.
    """

    def __init__(self, end: datetime, *, seed: int = 1) -> None:
        self.random, self.end = Random(seed), end  # noqa: S311 -- no secret is drawn
        self.today = midnight(end)
        self.start = self.today - timedelta(days=round(MONTHS * 30.44))
        self.people: set[str] = set()
        self.sales = Sales(self.random, end=self.today)

    def tell(self) -> list[Story]:
        """Return every lead's story, the oldest first."""
        moments = sorted(self._creation() for _ in range(LEADS - TODAY))
        told = [self._story(n, moment) for n, moment in enumerate(moments)]
        return [*told, *(self._fresh(n) for n in range(TODAY))]

    def _creation(self) -> datetime:
        """Draw a time: growing over the months, with the seasons, on weekdays."""
        span = (self.today - self.start).total_seconds()
        while True:
            share = self.random.random() ** 0.85
            moment = self.start + timedelta(seconds=share * span)
            if self.random.random() < likelihood(moment):
                return moment.replace(microsecond=0)

    def _fresh(self, number: int) -> Story:
        """A lead that came today and was looked at by no one yet."""
        since = max(self.today, self.end - _LATELY)
        at = since + (self.end - since) * (number + 1) / (TODAY + 2)
        story = self._begin(LEADS - TODAY + number, at.replace(microsecond=0))
        if self.random.random() < 0.6:
            mql = story.created.at + (self.end - at) / 3
            story.qualify(mql.replace(microsecond=0))
        return story

    def _story(self, number: int, at: datetime) -> Story:
        story = self._begin(number, at)
        for _ in range(self.random.choices([0, 1, 2, 3], [30, 35, 25, 10])[0]):
            later = at + self.random.uniform(0.5, 25) * DAY
            kind = self.random.choice(["click", "visit", "download", "webinar"])
            story.touches.append(_touch(later, "email", kind))
        weight = next(s[2] for s in SEGMENTS if s[0] == story.segment)
        self._qualify(story, fit=story.source.quality * weight)
        return story

    def _begin(self, number: int, at: datetime) -> Story:
        draw = self.random
        country = "RO" if draw.random() < 0.56 else "PL"
        source = draw.choices(SOURCES, [s.share for s in SOURCES])[0]
        segment = draw.choices(SEGMENTS, [s[1] for s in SEGMENTS])[0][0]
        company = self._company(country, segment)
        story = Story(
            number=number,
            country=country,
            source=source,
            segment=segment,
            created=Moment(at, at),
            values=self._person(country, company["domain"], number),
            company=company,
            campaign=_campaign(source, at),
            owner=draw.randrange(1_000_000),
        )
        story.touches.append(_touch(at, source.channel, source.first_touch))
        return story

    def _company(self, country: str, segment: str) -> dict[str, str]:
        draw = self.random
        place, trade = draw.choice(names.PLACES[country]), draw.choice(names.TRADES)
        ending = draw.choice(names.ENDINGS[country])
        stem = names.plain(f"{place}-{trade}-{ending.split()[0]}").replace("--", "-")
        return {
            "name": f"{place} {trade} {ending}",
            "domain": f"{stem}.example",
            "country": country,
            "segment": segment,
        }

    def _person(self, country: str, domain: str, number: int) -> dict[str, str]:
        draw = self.random
        first = draw.choice(names.FIRST[country])
        last = draw.choice(names.LAST[country])
        address = f"{names.plain(first)}.{names.plain(last)}"
        if f"{address}@{domain}" in self.people:
            address += str(number)
        self.people.add(f"{address}@{domain}")
        return {
            "first_name": first,
            "last_name": last,
            "email": f"{address}@{domain}",
            "phone": names.phone(country, draw.randrange(10**7, 10**8)),
            "job_title": draw.choice(names.TITLES),
        }

    def _qualify(self, story: Story, *, fit: float) -> None:
        """Most good leads meet the criteria, some at once; a few are taken by hand."""
        draw = self.random
        if draw.random() > 0.28 + 0.42 * fit:
            return
        quick = draw.random() < 0.45
        wait = draw.uniform(0.01, 0.5) if quick else draw.uniform(1, 20)
        mql = story.created.at + wait * DAY
        if draw.random() < 0.11:
            reason = draw.choice(["asked_for_offer", "known_account"])
            mql = office(draw, story.country, mql)
            story.reach(mql, "mql", "hand", reason)
        else:
            story.qualify(mql)
        self.sales.work(story, mql, fit)


def _touch(at: datetime, channel: str, kind: str) -> ToldTouch:
    when = Moment(at, at)
    return ToldTouch(
        when, kind, channel, "inbound", "marketing", "system", automatic=True
    )


def _campaign(source: Source, at: datetime) -> str:
    half = "spring" if at.month <= 6 else "autumn"
    return f"{source.name.replace('_', ' ').capitalize()}, {half} {at.year}"
