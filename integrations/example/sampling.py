"""What tests the definition: leads judged blindly, and refused ones worked anyway.

Both are drawn by the product itself; what people say and do then is drawn from a seed.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from django.db import transaction

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.ledger import actions as ledger
from integrations.example.sales import Sales
from integrations.example.told import Story
from leads.actions import blind_reviews, leads, second_chances
from leads.enums import Cause, Stage
from leads.models import BlindReview, Lead, SecondChance, StageChange
from leads.queries import definitions
from leads.queries.blind_reviews import WEEKS, week_of

_LIKE_THE_DEFINITION = {Role.SALES_REP: 0.84, Role.MARKETER: 0.92}
_FIT = 0.35
_WHY = {
    True: ["Knows what it wants and by when.", "Decides about purchases."],
    False: ["Wants a price and nothing else.", "Too far from buying."],
}


class Played(Protocol):
    """The stories on their way, and whose lead each is."""

    rows: dict[int, Lead]
    stories: list[Story]

    def owner(self, story: Story) -> User: ...


class Samples:
    """Draws both samples week by week, and lets people judge and work them."""

    def __init__(self, played: Played, *, end: datetime, today: datetime) -> None:
        self.played, self.end = played, end
        self.draw = Random(11)  # noqa: S311 -- no secret is drawn
        self.sales = Sales(self.draw, end=today)

    def week_ends(self, begin: datetime, end: datetime) -> None:
        """Do what is done for the samples in one week that was played."""
        self._draw_refused(begin, end)
        self._bring_back(end)
        if self.end - end < timedelta(weeks=WEEKS - 1):
            self._review(end)

    def _draw_refused(self, begin: datetime, end: datetime) -> None:
        refused = StageChange.objects.filter(
            cause=Cause.REFUSED,
            in_force=True,
            occurred_at__gte=begin,
            occurred_at__lt=end,
        )
        told = {row.pk: number for number, row in self.played.rows.items()}
        stories = {story.number: story for story in self.played.stories}
        for change in refused.order_by("occurred_at", "pk"):
            held = definitions.in_force(Stage.MQL, at=change.occurred_at)
            if held is None:
                continue
            with ledger.entry(by=None, at=end, cause="decisions"):
                drawn = second_chances.consider(change, held, at=change.occurred_at)
            if drawn:
                _stop(stories[told[change.lead_id]], change.occurred_at)

    def _bring_back(self, end: datetime) -> None:
        """Let drawn leads come back; somebody else works them, like any other."""
        while second_chances.are_due(at=end):
            with transaction.atomic():
                second_chances.bring_back(at=end)
        back = SecondChance.objects.filter(entered__occurred_at=end).order_by("pk")
        ids = set(back.values_list("lead_id", flat=True))
        for story in self.played.stories:
            row = self.played.rows.get(story.number)
            if row is not None and row.pk in ids:
                story.owner += 1
                owner = self.played.owner(story)
                leads.change_many([row.pk], "owner_id", owner.pk, by=None, at=end)
                self.sales.work(story, end, _FIT)

    def _review(self, end: datetime) -> None:
        """Judge what was drawn in the weeks before, and draw for the one that runs."""
        week = week_of(end, workspace.zone())
        waiting = BlindReview.objects.filter(week__lt=week, verdicts=None)
        for review in waiting.order_by("week", "place"):
            for role, share in _LIKE_THE_DEFINITION.items():
                alike = self.draw.random() < share
                qualified = review.met if alike else not review.met
                blind_reviews.judge(
                    review,
                    qualified=qualified,
                    why="" if alike else self.draw.choice(_WHY[qualified]),
                    by=self._one_of(role),
                    at=end,
                )
        blind_reviews.draw_week(at=end)

    def _one_of(self, role: Role) -> User:
        return self.draw.choice(list(User.objects.filter(role=role).order_by("pk")))


def _stop(story: Story, at: datetime) -> None:
    """Take back what was to become of a lead after a moment: it is worked anew."""
    story.stages = [each for each in story.stages if each.when.at <= at]
    story.touches = [each for each in story.touches if each.when.at <= at]
    story.deal, story.revenue = None, []
