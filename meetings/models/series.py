from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.accounts.enums import Function
from meetings.domain.rhythm import Rhythm
from meetings.enums import Weekday, Weeks

LONGEST_MINUTES = 480
LONGEST_LEAD_HOURS = 168


class Series(models.Model):
    """A meeting of both teams that comes round by the clock on the wall.

    It takes place at ``local_time`` of ``time_zone`` every ``weeks`` weeks, counted
    from the first ``weekday`` on or after ``first_on``. The teams take turns with the
    chair: ``first_side`` has it first. ``agenda_hours`` before the start the agenda is
    written from the records.
    """

    name = models.CharField(max_length=80, unique=True)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    local_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=45)
    time_zone = models.CharField(max_length=60)
    weeks = models.PositiveSmallIntegerField(choices=Weeks, default=Weeks.WEEKLY)
    first_on = models.DateField()
    agenda_hours = models.PositiveSmallIntegerField(default=4)
    first_side = models.CharField(
        max_length=10, choices=Function, default=Function.SALES
    )
    sales_facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    marketing_facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_series_weekday_known",
                condition=Q(weekday__in=Weekday.values),
            ),
            models.CheckConstraint(
                name="meetings_series_every_one_or_two_weeks",
                condition=Q(weeks__in=Weeks.values),
            ),
            models.CheckConstraint(
                name="meetings_series_lasts_a_while",
                condition=Q(minutes__gte=5, minutes__lte=LONGEST_MINUTES),
            ),
            models.CheckConstraint(
                name="meetings_series_agenda_comes_before",
                condition=Q(agenda_hours__gte=1, agenda_hours__lte=LONGEST_LEAD_HOURS),
            ),
            models.CheckConstraint(
                name="meetings_series_side_known",
                condition=Q(first_side__in=Function.values),
            ),
        ]
        ordering = ["name"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> Rhythm:
        """Return when the meetings take place."""
        return Rhythm(
            weekday=self.weekday,
            local_time=self.local_time,
            zone=ZoneInfo(self.time_zone),
            weeks=self.weeks,
            first_on=self.first_on,
        )
