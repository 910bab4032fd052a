from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.accounts.models import Team
from foundation.ledger.models import Entry
from sla.domain.business_time import Calendar as Hours


class Calendar(models.Model):
    """When a team or a person works, as agreed from a moment on; else all others.

    A person goes by their own hours, else by their team's, else by everybody's. A
    version that ``follows`` ends hours of one's own: from then on those above count,
    and what it holds is a copy of them.

    Rows never change: another agreement about hours is another version, and clocks
    keep the one in whose hours they began. ``weekly`` and ``special`` are in the
    written form of `sla.domain.calendar_form`; ``days_off`` and ``public_holidays``
    map a local date to its name. Public holidays were looked up when the version was
    drawn up and stay as they were then. A version without ledger entry came with the
    product.
    """

    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    weekly = models.JSONField()
    days_off = models.JSONField(default=dict)
    special = models.JSONField(default=dict)
    public_holidays = models.JSONField(default=dict)
    follows = models.BooleanField(default=False)
    effective_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sla_calendar_once_per_version",
                fields=["team", "person", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="sla_calendar_version_counts_from_one", condition=Q(version__gte=1)
            ),
            models.CheckConstraint(
                name="sla_calendar_of_a_team_or_a_person",
                condition=Q(team__isnull=True) | Q(person__isnull=True),
            ),
            models.CheckConstraint(
                name="sla_calendar_of_all_follows_nobody",
                condition=Q(follows=False)
                | Q(team__isnull=False)
                | Q(person__isnull=False),
            ),
        ]
        ordering = ["name", "version"]

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"

    @property
    def form(self) -> dict[str, Any]:
        """Return the written form that the domain's `Calendar.from_dict` reads."""
        names = {**self.public_holidays, **self.days_off}
        return {
            "tz": self.time_zone,
            "weekly": self.weekly,
            "holidays": sorted(names),
            "special": self.special,
            "holiday_names": names,
        }

    @cached_property
    def hours(self) -> Hours:
        """Return the hours to count with."""
        return Hours.from_dict(self.form)
