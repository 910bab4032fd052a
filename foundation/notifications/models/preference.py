from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.notifications.enums import How


class Preference(models.Model):
    """How somebody wants one kind of notice by e-mail, where they have chosen."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    mail = models.CharField(max_length=7, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notifications_preference_one_per_kind", fields=["person", "kind"]
            ),
            models.CheckConstraint(
                name="notifications_preference_mail_known",
                condition=Q(mail__in=How.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mail}"
