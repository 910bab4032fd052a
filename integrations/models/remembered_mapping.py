from django.db import models


class RememberedMapping(models.Model):
    """How files with the same columns were read the last time."""

    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    maps = models.JSONField(default=list)
    defaults = models.JSONField(default=list)
    leave_out = models.JSONField(default=list)
    time_zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    slashes = models.CharField(max_length=5, blank=True)
    decimal_mark = models.CharField(max_length=1, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="integrations_mapping_once", fields=["kind", "fingerprint"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"
