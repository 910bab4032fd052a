from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.accounts.models.token import ApiToken


class KeptAnswer(models.Model):
    """What a write answered under an Idempotency-Key, to be given again as it was.

    The row is written in the transaction of the write itself, so there is never one
    without the other.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    token = models.ForeignKey(
        ApiToken, models.CASCADE, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    content = models.BinaryField()
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="accounts_keptanswer_key_once",
                fields=["owner", "token", "key"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="accounts_keptanswer_expires_later",
                condition=Q(expires_at__gt=F("kept_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
