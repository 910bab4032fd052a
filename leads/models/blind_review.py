from django.conf import settings
from django.db import models

from foundation.accounts.enums import Function
from foundation.documents.models import Version
from foundation.ledger.models import Entry
from leads.models.lead import Lead


class BlindReview(models.Model):
    """A lead near the line, drawn in a week to be judged by both teams apart.

    ``week`` is the Monday of its ISO week. ``met`` is what the product said by
    ``definition`` when the lead was drawn; nobody is shown it before both have judged.
    """

    week = models.DateField()
    place = models.PositiveSmallIntegerField()
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="+")
    definition = models.ForeignKey(Version, models.PROTECT, related_name="+")
    met = models.BooleanField()
    drawn_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leads_blindreview_once_a_week", fields=["week", "lead"]
            ),
            models.UniqueConstraint(
                name="leads_blindreview_one_per_place", fields=["week", "place"]
            ),
        ]
        ordering = ["-week", "place"]

    def __str__(self) -> str:
        return f"#{self.lead_id} in the week of {self.week}"


class Verdict(models.Model):
    """What one person of a team says of a drawn lead: qualified or not, and why.

    ``qualified`` is what the person would say without knowing score, stage or outcome.
    """

    review = models.ForeignKey(BlindReview, models.PROTECT, related_name="verdicts")
    function = models.CharField(max_length=10, choices=Function)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    qualified = models.BooleanField()
    why = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leads_verdict_one_per_team", fields=["review", "function"]
            ),
            models.CheckConstraint(
                name="leads_verdict_function_known",
                condition=models.Q(function__in=Function.values),
            ),
        ]
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.function} on {self.review_id}"
