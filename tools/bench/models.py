from django.db import models


class BareLead(models.Model):
    email = models.CharField(max_length=254, unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=12, default="lead")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        indexes = [models.Index(name="bench_stage", fields=["stage", "source"])]

    def __str__(self) -> str:
        return f"#{self.pk}"
