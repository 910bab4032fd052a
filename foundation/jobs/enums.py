from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    READY = "ready", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class Lane(TextChoices):
    """Short work never waits behind long work: each lane has workers of its own."""

    FAST = "fast", _("Short work")
    LONG = "long", _("Long work")
