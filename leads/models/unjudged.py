from django.db import models

from leads.models.lead import Lead


class Unjudged(models.Model):
    """A lead that is to be judged by the definition in force again, by a worker."""

    lead = models.OneToOneField(
        Lead, models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )

    def __str__(self) -> str:
        return f"#{self.lead_id}"
