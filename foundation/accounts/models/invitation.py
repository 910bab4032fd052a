from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.accounts.enums import Role
from foundation.accounts.models.team import Team
from foundation.accounts.models.user import LANGUAGES


class Invitation(models.Model):
    """An e-mailed link that lets one person in, once, within a day of being sent.

    ``person`` is somebody known already, from imported records, who becomes able to
    sign in. Only the digest of the link's secret is kept.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=2, default="en")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="accounts_invitation_one_open_per_address",
                fields=["email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="accounts_invitation_role_known",
                condition=Q(role__in=Role.values) & ~Q(role=Role.INTEGRATION),
            ),
            models.CheckConstraint(
                name="accounts_invitation_language_known",
                condition=Q(language__in=LANGUAGES),
            ),
            models.CheckConstraint(
                name="accounts_invitation_has_a_link_once_sent",
                condition=Q(
                    digest__isnull=True, sent_at__isnull=True, expires_at__isnull=True
                )
                | Q(
                    digest__isnull=False,
                    sent_at__isnull=False,
                    expires_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="accounts_invitation_ends_one_way",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role}"
