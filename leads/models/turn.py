from django.conf import settings
from django.db import models


class Turn(models.Model):
    """When somebody who takes leads was last given one, for handing out in turn."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.person_id} {self.given_at}"
