"""What sales does with an MQL, from the first call to the last invoice.

A bottleneck is built in: for some months the Warsaw team has been one person short,
answers late and accepts fewer of the leads it gets, most of all those from trade fairs.
Some leads are overlooked for days; the heads find them and see that they are decided.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from foundation.kernel.periods import DAY
from integrations.example.days import office
from integrations.example.setting import CURRENCIES
from integrations.example.told import (
    Moment,
    Story,
    ToldDeal,
    ToldRevenue,
    ToldTouch,
)

SHORT_STAFFED = timedelta(days=250)
WEEK = timedelta(days=7)
_REASONS = {
    "recycled": ["no_budget", "no_need", "not_reached", "no_decision_maker"],
    "disqualified": ["wrong_company", "out_of_territory", "no_interest"],
}
_CHANNELS = {"call": "phone", "email": "email", "meeting": "meeting"}
_PROOFS = {"call": "call_record", "email": "email_id", "meeting": "calendar"}
_CENT = Decimal("0.01")


class Sales:
    """Works the leads of one telling; draws what it does from ``draw``."""

    def __init__(self, draw: Random, *, end: datetime) -> None:
        self.draw, self.end = draw, end

    def work(self, story: Story, mql: datetime, fit: float) -> None:
        """Tell what became of a lead that qualified at ``mql``."""
        draw, strained = self.draw, self._is_strained(story, mql)
        chance = 0.50 + 0.30 * fit
        if strained:
            chance *= 0.30 if story.source.name == "trade_fair" else 0.50
        if draw.random() < self._overlooked(story, mql):
            wait = draw.uniform(2.5, 6.0) * DAY
        elif strained:
            wait = timedelta(hours=draw.lognormvariate(1.0, 0.8))
        else:
            wait = timedelta(hours=draw.lognormvariate(-0.45, 0.7))
        answer = self._office(story, self._office(story, mql) + wait)
        self._call(story, answer)
        if draw.random() > chance:
            self._refuse(story, answer, mql)
            return
        accepted = answer + timedelta(minutes=draw.randrange(2, 20))
        story.reach(accepted, "sal", "accepted")
        self._follow_up(story, accepted, fit)

    def _is_strained(self, story: Story, at: datetime) -> bool:
        return story.country == "PL" and self.end - at < SHORT_STAFFED

    def _overlooked(self, story: Story, mql: datetime) -> float:
        """How likely nobody looks for days: most of all in Warsaw, and this week."""
        usual, lately = (0.10, 0.38) if self._is_strained(story, mql) else (0.03, 0.15)
        return lately if self.end - mql < WEEK else usual

    def _refuse(self, story: Story, answer: datetime, mql: datetime) -> None:
        draw = self.draw
        at = self._office(story, answer + timedelta(hours=draw.uniform(0.1, 5)))
        stage = "recycled" if draw.random() < 0.6 else "disqualified"
        by_hand = story.stages[-1].cause == "hand"
        met = draw.random() < (0.16 if self._is_strained(story, mql) else 0.06)
        story.reach(
            at,
            stage,
            "refused",
            draw.choice(_REASONS[stage]),
            although_met=met and not by_hand,
        )
        if stage == "recycled" and draw.random() < 0.18:
            again = at + draw.uniform(40, 120) * DAY
            story.qualify(again)
            self.work(story, again, 0.5)

    def _follow_up(self, story: Story, accepted: datetime, fit: float) -> None:
        draw = self.draw
        at = self._office(story, accepted + draw.uniform(2, 14) * DAY)
        self._calls(story, accepted, at, draw.choices([1, 2, 3, 4], [35, 35, 20, 10]))
        if draw.random() > 0.55 + 0.22 * fit:
            self._give_back(story, at)
            return
        story.reach(at, "sql", "hand", "asked_for_offer")
        if draw.random() < 0.62 + 0.15 * fit:
            self._sell(story, at, fit)
            return
        end = self._office(story, at + draw.uniform(10, 45) * DAY)
        self._calls(story, at, end, draw.choices([1, 2, 3], [40, 40, 20]))
        self._give_back(story, end)

    def _calls(
        self, story: Story, begin: datetime, end: datetime, times: list[int]
    ) -> None:
        for _ in range(times[0]):
            moment = begin + self.draw.uniform(0.1, 0.95) * (end - begin)
            self._call(story, min(self._office(story, moment), end))

    def _give_back(self, story: Story, at: datetime) -> None:
        reason = self.draw.choice(["not_reached", "no_need", "too_early"])
        story.reach(at, "recycled", "hand", reason)

    def _sell(self, story: Story, sql: datetime, fit: float) -> None:
        draw = self.draw
        opened = self._office(story, sql + draw.uniform(1, 12) * DAY)
        euro = draw.random() < 0.15
        currency = "EUR" if euro else CURRENCIES[story.country]
        size = Decimal(round(draw.lognormvariate(9.2, 0.7) / 10) * 10)
        amount = size if euro else size * (5 if story.country == "RO" else 4)
        won = draw.random() < 0.24 + 0.16 * fit
        closed = self._office(story, opened + draw.uniform(12, 85) * DAY)
        reason = "" if won else draw.choice(["price", "competitor_won", "no_decision"])
        story.deal = ToldDeal(
            Moment(opened, opened),
            Moment(closed, closed),
            "won" if won else "lost",
            amount,
            currency,
            reason,
        )
        self._calls(story, opened, closed, draw.choices([2, 3, 5], [40, 40, 20]))
        if won:
            self._pay(story, closed.date(), amount)

    def _pay(self, story: Story, start: date, amount: Decimal) -> None:
        """A year's worth in monthly amounts; some grow, some shrink, some leave."""
        draw, month = self.draw, (amount / 12).quantize(_CENT)
        story.revenue.append(ToldRevenue(start, "new", month))
        if draw.random() < 0.35:
            setup = (amount / 10).quantize(_CENT)
            story.revenue.append(ToldRevenue(start, "one_off", setup))
        day, running = start, month
        while (day := day + timedelta(days=draw.randrange(60, 150))) < self.end.date():
            fate = draw.random()
            if fate < 0.05:
                reason = draw.choice(["price", "no_need", "competitor"])
                story.revenue.append(ToldRevenue(day, "churn", None, reason))
                return
            if fate < 0.31:
                more = (running * Decimal("0.18")).quantize(_CENT)
                story.revenue.append(ToldRevenue(day, "expansion", more))
                running += more
            elif fate < 0.35:
                less = (running * Decimal("0.15")).quantize(_CENT)
                story.revenue.append(ToldRevenue(day, "contraction", less))
                running -= less

    def _call(self, story: Story, at: datetime) -> None:
        """Sales gets in touch; one in fourteen is written down long after."""
        draw = self.draw
        late = draw.random() < 0.07
        recorded = at + timedelta(hours=draw.uniform(3, 20)) if late else at
        kind = draw.choices(["call", "email", "meeting"], [62, 30, 8])[0]
        proof = "self_reported" if draw.random() < 0.3 else _PROOFS[kind]
        when = Moment(at, recorded)
        story.touches.append(
            ToldTouch(when, kind, _CHANNELS[kind], "outbound", "sales", proof)
        )

    def _office(self, story: Story, at: datetime) -> datetime:
        return office(self.draw, story.country, at)
