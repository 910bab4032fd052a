from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from leads.enums import Exclusion, Stage
from leads.models.company import Company


class Lead(models.Model):
    """An identified person, and how far the path has come.

    The row is a projection: stage, round and times are what the stage changes in
    force add up to, and can be worked out again at any ledger position. ``first_…_at``
    is the first time in any round, ``round_…_at`` the time in the current one.
    """

    external_system = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_folded = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=8, blank=True)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="leads"
    )

    source = models.CharField(max_length=80, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    priority = models.PositiveSmallIntegerField(default=0)
    do_not_contact = models.BooleanField(default=False)
    exclusion = models.CharField(
        max_length=10, choices=Exclusion, default=Exclusion.NONE, blank=True
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    stage = models.CharField(max_length=12, choices=Stage, default=Stage.LEAD)
    round = models.PositiveSmallIntegerField(default=0)
    stage_since_at = models.DateTimeField()
    re_entry_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    first_mql_at = models.DateTimeField(null=True, blank=True)
    first_sal_at = models.DateTimeField(null=True, blank=True)
    first_sql_at = models.DateTimeField(null=True, blank=True)
    first_opportunity_at = models.DateTimeField(null=True, blank=True)
    first_customer_at = models.DateTimeField(null=True, blank=True)
    round_mql_at = models.DateTimeField(null=True, blank=True)
    round_sal_at = models.DateTimeField(null=True, blank=True)
    round_sql_at = models.DateTimeField(null=True, blank=True)
    round_opportunity_at = models.DateTimeField(null=True, blank=True)
    round_customer_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="leads_lead_once_per_system",
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.UniqueConstraint(
                name="leads_lead_once_per_email",
                fields=["email_folded"],
                condition=~Q(email_folded=""),
            ),
            models.CheckConstraint(
                name="leads_lead_stage_known", condition=Q(stage__in=Stage.values)
            ),
            models.CheckConstraint(
                name="leads_lead_exclusion_known",
                condition=Q(exclusion__in=Exclusion.values),
            ),
            models.CheckConstraint(
                name="leads_lead_merged_exactly_into_another",
                condition=Q(exclusion="merged", merged_into__isnull=False)
                | ~Q(exclusion="merged") & Q(merged_into__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="leads_lead_stage", fields=["stage", "source"]),
            models.Index(
                name="leads_lead_owner",
                fields=["owner", "stage"],
                condition=Q(owner__isnull=False),
            ),
            models.Index(name="leads_lead_created", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.stage}"

    @property
    def name(self) -> str:
        """Return what people call the lead: name, else e-mail, else external id."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.email or self.external_id or f"#{self.pk}"
