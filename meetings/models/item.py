from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.enums import ItemKind, ItemSource, ItemState
from meetings.models.decision import Decision
from meetings.models.meeting import Meeting

LONGEST_BOX_MINUTES = 240


class AgendaItem(models.Model):
    """One thing to talk about, with its facts and the time set aside for it.

    A machine's item has coded ``params`` for its title, which is put into words for
    each reader, and the ``facts`` as they were when it was last written, with their
    ledger position. A person's item has its title in ``text``. ``carried_from`` is the
    parked item of an earlier meeting that this one goes on with: each is carried once.
    At most one item of a meeting is being talked about (``begun_at``); what came
    before is in ``spent_seconds``.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind)
    source = models.CharField(max_length=7, choices=ItemSource)
    state = models.CharField(max_length=9, choices=ItemState, default=ItemState.OPEN)
    text = models.CharField(max_length=200, blank=True)
    params = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    box_minutes = models.PositiveSmallIntegerField()
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+"
    )
    carried_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    added_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    spent_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="meetings_item_one_of_a_kind_by_machine",
                fields=["meeting", "kind", "decision"],
                condition=Q(source=ItemSource.MACHINE, carried_from__isnull=True),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="meetings_item_one_at_a_time",
                fields=["meeting"],
                condition=Q(begun_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meetings_item_words_known",
                condition=Q(
                    kind__in=ItemKind.values,
                    source__in=ItemSource.values,
                    state__in=ItemState.values,
                ),
            ),
            models.CheckConstraint(
                name="meetings_item_talked_about_while_open",
                condition=Q(begun_at__isnull=True) | Q(state=ItemState.OPEN),
            ),
            models.CheckConstraint(
                name="meetings_item_topics_are_of_people",
                condition=Q(
                    kind=ItemKind.TOPIC,
                    source=ItemSource.PERSON,
                    added_by__isnull=False,
                )
                & ~Q(text="")
                | ~Q(kind=ItemKind.TOPIC)
                & Q(source=ItemSource.MACHINE, added_by__isnull=True, text=""),
            ),
            models.CheckConstraint(
                name="meetings_item_helped_names_its_decision",
                condition=Q(kind=ItemKind.HELPED, decision__isnull=False)
                | ~Q(kind=ItemKind.HELPED) & Q(decision__isnull=True),
            ),
            models.CheckConstraint(
                name="meetings_item_has_a_time_box",
                condition=Q(box_minutes__gte=1, box_minutes__lte=LONGEST_BOX_MINUTES),
            ),
        ]
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.state}"

    def spent(self, at: datetime) -> timedelta:
        """Return how long it was talked about until ``at``."""
        running = max(at - self.begun_at, timedelta()) if self.begun_at else timedelta()
        return timedelta(seconds=self.spent_seconds) + running
