from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

TOTAL = "total"


class DailyFact(models.Model):
    """How many leads entered a stage on a local day, and how soon they came further.

    With an empty ``to_stage`` the row counts first entries into ``stage``; else those
    of them that reached ``to_stage``, where ``counts[i]`` came within ``lags[i]`` days
    (running sums, so that "within w" is one search). Worked out again by a worker for
    days that were touched; `kpis.Mark` says which. ``dimension`` is ``total`` or one
    split, whose ``value`` was stamped at entry into ``stage``. ``implied`` counts those
    of the entries that were.
    """

    dimension = models.CharField(max_length=8)
    stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12, blank=True)
    day = models.DateField()
    value = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField()
    implied = models.PositiveIntegerField(default=0)
    lags = ArrayField(models.IntegerField(), default=list)
    counts = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kpis_dailyfact_one_cell",
                fields=["dimension", "stage", "to_stage", "day", "value"],
            ),
            models.CheckConstraint(
                name="kpis_dailyfact_counts_something", condition=Q(count__gt=0)
            ),
        ]
        indexes = [models.Index(name="kpis_dailyfact_day", fields=["day"])]

    def __str__(self) -> str:
        step = f"{self.stage}→{self.to_stage}" if self.to_stage else self.stage
        return f"{self.day} {step} {self.dimension}={self.value!r}: {self.count}"
