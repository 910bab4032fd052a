from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from foundation.accounts.models.user import LANGUAGES


def all_languages() -> list[str]:
    """Return every language the product speaks."""
    return list(LANGUAGES)


class Workspace(models.Model):
    """The one row of settings that everybody's numbers depend on."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120, default="", blank=True)
    time_zone = models.CharField(max_length=60, default="Europe/Bucharest")
    base_currency = models.CharField(max_length=3, default="EUR")
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    gross_margin = models.DecimalField(
        max_digits=5, decimal_places=4, default=Decimal("0.8")
    )
    language = models.CharField(max_length=2, default="en")
    languages = ArrayField(models.CharField(max_length=2), default=all_languages)
    country = models.CharField(max_length=2, default="RO")
    path_window_days = models.PositiveSmallIntegerField(default=90)
    step_window_days = models.PositiveSmallIntegerField(default=30)
    persons_visible_to_heads = models.BooleanField(default=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_workspace_only_one", condition=Q(id=1)
            ),
            models.CheckConstraint(
                name="accounts_workspace_fiscal_month",
                condition=Q(fiscal_year_start__gte=1, fiscal_year_start__lte=12),
            ),
            models.CheckConstraint(
                name="accounts_workspace_margin",
                condition=Q(gross_margin__gte=0, gross_margin__lte=1),
            ),
            models.CheckConstraint(
                name="accounts_workspace_language",
                condition=Q(language__in=LANGUAGES),
            ),
            models.CheckConstraint(
                name="accounts_workspace_languages",
                condition=Q(languages__contained_by=LANGUAGES)
                & Q(languages__contains=[F("language")]),
            ),
            models.CheckConstraint(
                name="accounts_workspace_windows",
                condition=Q(path_window_days__gte=1, step_window_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Alignment"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """Return the local date at a moment."""
        return at.astimezone(UTC).astimezone(self.zone).date()
