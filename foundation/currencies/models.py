from django.db import models
from django.db.models import Q


class ExchangeRate(models.Model):
    """What one unit of ``reference`` cost in ``currency`` on a day, as published.

    The European Central Bank publishes with EUR as reference. Crosses go through the
    reference, unrounded.
    """

    reference = models.CharField(max_length=3, default="EUR")
    currency = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="currencies_rate_once_a_day",
                fields=["reference", "currency", "day"],
            ),
            models.CheckConstraint(
                name="currencies_rate_positive", condition=Q(rate__gt=0)
            ),
            models.CheckConstraint(
                name="currencies_rate_between_two",
                condition=~Q(reference=models.F("currency")),
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.reference} = {self.rate} {self.currency} on {self.day}"
