from django.db import models
from django.db.models import Q

from foundation.accounts.enums import Function


class Team(models.Model):
    """People of one department who share working hours and a head."""

    name = models.CharField(max_length=80, unique=True)
    function = models.CharField(max_length=10, choices=Function)
    time_zone = models.CharField(max_length=60, default="Europe/Bucharest")
    country = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_team_function_known",
                condition=Q(function__in=Function.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name
