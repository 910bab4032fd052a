from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.notifications.enums import MailForm, MailState


class Mailing(models.Model):
    """One e-mail with one or more notices. It is written when it is sent.

    ``answer`` is the code with which the mail server refused it. Why one that is being
    handed over may come a second time, and how that is seen: docs/decisions/notices.md.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    form = models.CharField(max_length=5, choices=MailForm)
    state = models.CharField(
        max_length=12, choices=MailState, default=MailState.WAITING
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answer = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_mailing_words_known",
                condition=Q(form__in=MailForm.values, state__in=MailState.values),
            ),
            models.CheckConstraint(
                name="notifications_mailing_sent_at_exactly_when_sent",
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | ~Q(state=MailState.SENT) & Q(sent_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="notifications_mailing_lately", fields=["recipient", "created_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.form} {self.state}"

    @property
    def mark(self) -> str:
        """Return what its Message-ID begins with: the same however often it is sent."""
        return f"notices.{self.pk}.{int(self.created_at.timestamp() * 1_000_000)}"
