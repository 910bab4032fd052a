from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.ledger.models import Entry
from meetings.enums import ActionState
from meetings.models.item import AgendaItem


class Action(models.Model):
    """Who does what by when. It lives on after the meeting that agreed it.

    State, owner and date may change at any time, each change kept in `ActionChange`;
    what was agreed stays in the minutes.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="actions")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    state = models.CharField(
        max_length=7, choices=ActionState, default=ActionState.OPEN
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_action_closed_exactly_when_not_open",
                condition=Q(state=ActionState.OPEN, closed_at__isnull=True)
                | Q(
                    state__in=[ActionState.DONE, ActionState.DROPPED],
                    closed_at__isnull=False,
                ),
            )
        ]
        indexes = [
            models.Index(
                name="meetings_action_open",
                fields=["due_on"],
                condition=Q(state=ActionState.OPEN),
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class ActionChange(models.Model):
    """One change of an action: what it was and what it became. Append-only."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="changes")
    state_before = models.CharField(max_length=7, choices=ActionState)
    state_after = models.CharField(max_length=7, choices=ActionState)
    owner_before = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    owner_after = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    due_before = models.DateField()
    due_after = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meetings_actionchange_words_known",
                condition=Q(
                    state_before__in=ActionState.values,
                    state_after__in=ActionState.values,
                ),
            ),
            models.CheckConstraint(
                name="meetings_actionchange_dropped_for_a_reason",
                condition=~Q(state_after=ActionState.DROPPED)
                | Q(state_before=ActionState.DROPPED)
                | ~Q(reason=""),
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.action_id} {self.state_before}→{self.state_after}"
