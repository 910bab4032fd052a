from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Vacation(models.Model):
    """Somebody is away, from one local date to another, both included.

    ``starts_at`` and ``ends_at`` are those days' edges in the person's time zone when
    it was written down, so that moving house moves no vacation. ``deputy`` has the
    person's clocks meanwhile; without one the head of the department does. It is taken
    back, or cut short, by ``withdrawn_at``; nothing else of it ever changes.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_vacation_ends_after_its_start",
                condition=Q(ends_on__gte=F("starts_on"), ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="accounts_vacation_deputy_is_another",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
        ]
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"#{self.person_id} {self.starts_on}"

    @property
    def was_cut_short(self) -> bool:
        """Return whether it had begun when it was taken back."""
        return self.withdrawn_at is not None and self.withdrawn_at > self.starts_at
