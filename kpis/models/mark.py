from django.db import models


class Mark(models.Model):
    """A local day whose daily facts may be out of date.

    Written in the transaction that touches the day, only ever inserted, so that
    writers never wait for each other; taken away by the worker that did the day.
    """

    day = models.DateField()
    zone = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.day} {self.zone}"


class Basis(models.Model):
    """The one row that says in which time zone the daily facts are cut."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    zone = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kpis_basis_only_one", condition=models.Q(id=1)
            ),
        ]

    def __str__(self) -> str:
        return self.zone
