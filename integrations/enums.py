from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LoadState(TextChoices):
    """What a load is doing. Only one that is loaded, or stopped, can be undone."""

    UPLOADED = "uploaded", _("Waiting for its columns")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, not loaded yet")
    LOADING = "loading", _("Being loaded")
    LOADED = "loaded", _("Loaded")
    STOPPED = "stopped", _("Stopped before its end")
    FAILED = "failed", _("Could not be read to its end")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
