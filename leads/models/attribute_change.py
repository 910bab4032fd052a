from django.db import models
from django.db.models import Q

from foundation.ledger.models import Fact

SUBJECTS = ["lead", "company"]


class AttributeChange(Fact):
    """A coded value of a lead or company became another one.

    Values at creation stand on the lead's first stage change. Names, addresses and
    free text are never here. References are ids as text.
    """

    subject = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leads_attributechange_subject_known",
                condition=Q(subject__in=SUBJECTS),
            ),
        ]
        indexes = [
            models.Index(
                name="leads_attributechange_of", fields=["subject", "subject_id"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}:{self.subject_id} {self.field}"
