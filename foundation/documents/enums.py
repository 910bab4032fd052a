from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a version is in its life; what has force follows from its dates."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    SIGNED = "signed", _("Signed")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Standing(TextChoices):
    """What a version is to a reader at some moment."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for signatures")
    UPCOMING = "upcoming", _("Signed, not in force yet")
    ACTIVE = "active", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Capacity(TextChoices):
    """In what capacity somebody signs for a function."""

    HEAD = "head", _("Head of the function")
    DEPUTY = "deputy", _("Deputy of the head")
    VACANCY = "vacancy", _("Leadership, as the function has no head")
