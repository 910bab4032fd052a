from django.db import models
from django.db.models import Q


class Company(models.Model):
    """An organisation that people belong to. Known by external id, else by domain."""

    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leads_company_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="leads_company_once_per_domain",
                fields=["domain"],
                condition=~Q(domain=""),
            ),
        ]
        indexes = [models.Index(name="leads_company_name", fields=["name"])]

    def __str__(self) -> str:
        return self.name
