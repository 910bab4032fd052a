from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.notifications.enums import How
from foundation.notifications.models.mailing import Mailing

_DELIVERED = Q(delivered_at__isnull=False)


class Notice(models.Model):
    """That one person is told one thing, once.

    ``cause`` is what it is told for: of one kind and cause nobody has two. It waits
    until ``deliver_at``, when its reader works; from ``delivered_at`` on it stands in
    the inbox. ``mail`` is how its reader wanted it by e-mail at that moment;
    ``mail_at`` is when to look whether it goes out, empty once it is in a ``mailing``
    or goes in none. ``data`` are coded values and references, as in the ledger.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    cause = models.BigIntegerField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    deliver_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=7, choices=How, blank=True)
    mail_at = models.DateTimeField(null=True)
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, related_name="notices"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notifications_notice_told_once",
                fields=["recipient", "kind", "cause"],
            ),
            models.CheckConstraint(
                name="notifications_notice_mail_known",
                condition=Q(mail__in=["", *How.values]),
            ),
            models.CheckConstraint(
                name="notifications_notice_nothing_before_delivery",
                condition=_DELIVERED & ~Q(mail="")
                | Q(delivered_at__isnull=True, read_at__isnull=True, mail="")
                & Q(mail_at__isnull=True, mailing__isnull=True),
            ),
            models.CheckConstraint(
                name="notifications_notice_in_one_mail_at_most",
                condition=Q(mail_at__isnull=True) | Q(mailing__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="notifications_notice_waiting",
                fields=["deliver_at"],
                condition=~_DELIVERED,
            ),
            models.Index(
                name="notifications_notice_to_mail",
                fields=["mail_at"],
                condition=Q(mail_at__isnull=False),
            ),
            models.Index(
                name="notifications_notice_inbox",
                fields=["recipient", "-delivered_at", "-id"],
                condition=_DELIVERED,
            ),
            models.Index(
                name="notifications_notice_unread",
                fields=["recipient"],
                condition=_DELIVERED & Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
