from typing import ClassVar, override

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from foundation.accounts.enums import FUNCTIONS, Function, Role, Theme
from foundation.accounts.models.team import Team

LANGUAGES = ["en", "ro", "pl"]


class UserManager(BaseUserManager["User"]):
    @override
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().casefold())


class User(AbstractBaseUser):
    """A person, or an integration. E-mail addresses are stored folded.

    Somebody known only from imported records has no e-mail address and cannot sign in
    (``is_active`` is False), but owns leads like everybody else. ``deputy_for`` names
    the function for whose head somebody signs. ``stood_in_by`` is who has this
    person's clocks during a vacation, since ``stood_in_since_at``.
    """

    email = models.EmailField(max_length=254, unique=True, null=True, blank=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members"
    )
    external_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    takes_leads = models.BooleanField(default=False)
    deputy_for = models.CharField(max_length=10, choices=Function, blank=True)
    stood_in_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    stood_in_since_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=2, default="en")
    time_zone = models.CharField(max_length=60, blank=True)
    shortcuts = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    joined_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    workspace_zone: str = ""
    """The workspace's time zone, where the session that loaded this person read it."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_user_role_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="accounts_user_signs_in_by_email",
                condition=Q(is_active=False) | Q(email__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_user_deputy_for_known",
                condition=Q(deputy_for__in=["", *Function.values]),
            ),
            models.CheckConstraint(
                name="accounts_user_stood_in_by_somebody_since_then",
                condition=Q(stood_in_by__isnull=True, stood_in_since_at__isnull=True)
                | Q(stood_in_by__isnull=False, stood_in_since_at__isnull=False)
                & ~Q(stood_in_by=F("pk")),
            ),
            models.CheckConstraint(
                name="accounts_user_language_known",
                condition=Q(language__in=LANGUAGES),
            ),
            models.CheckConstraint(
                name="accounts_user_theme_known", condition=Q(theme__in=Theme.values)
            ),
            models.CheckConstraint(
                name="accounts_user_integrations_never_sign_in",
                condition=~Q(role=Role.INTEGRATION, is_active=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def function(self) -> Function | None:
        """The department the person belongs to; None for those above or between."""
        return FUNCTIONS.get(Role(self.role))

    @cached_property
    def stands_in_for(self) -> frozenset[int]:
        """Return the people on vacation whose clocks this person has now."""
        rows = User.objects.filter(stood_in_by=self.pk)
        return frozenset(rows.values_list("pk", flat=True))

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets the person in (leadership and admins)."""
        return self.is_active and self.role in {Role.LEADERSHIP, Role.ADMIN}

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Answer Django's admin, whose classes decide by our own permissions."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    @override
    def clean(self) -> None:
        super().clean()
        if self.email:
            self.email = self.email.strip().casefold()
