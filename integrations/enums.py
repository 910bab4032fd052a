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


class Noun(TextChoices):
    """What a load brings, as the answer of an undoing counts it."""

    LEADS = "leads", _("Leads")
    COMPANIES = "companies", _("Companies")
    CAMPAIGNS = "campaigns", _("Campaigns")
    DEALS = "deals", _("Deals")
    STAGE_CHANGES = "stage_changes", _("Stage changes")
    TOUCHPOINTS = "touchpoints", _("Touchpoints")
    SPEND = "spend", _("Spend")
    REVENUE = "revenue", _("Revenue")
    RATES = "rates", _("Exchange rates")
    NOTES = "notes", _("Notes")


class KeptBecause(TextChoices):
    """Why something of a load stays when the load is undone."""

    BUILT_UPON = "built_upon", _("Something else stands on it by now")
    CHANGED_SINCE = "changed_since", _("It was changed since")
    TAKEN = "taken", _("Another record has its identifier by now")
