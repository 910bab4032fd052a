from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from leads.enums import ReasonKind


class Reason(models.Model):
    """A coded answer to "why", the same for everybody, so that it can be counted."""

    kind = models.CharField(max_length=10, choices=ReasonKind)
    code = models.SlugField(max_length=40)
    label_en = models.CharField(max_length=100)
    label_ro = models.CharField(max_length=100, blank=True)
    label_pl = models.CharField(max_length=100, blank=True)
    place = models.PositiveSmallIntegerField(default=100)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="leads_reason_once", fields=["kind", "code"]),
            models.CheckConstraint(
                name="leads_reason_kind_known",
                condition=Q(kind__in=ReasonKind.values),
            ),
        ]
        ordering = ["kind", "place", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the words in the reader's language, English where there are none."""
        language = (get_language() or "en")[:2]
        return getattr(self, f"label_{language}", "") or self.label_en
