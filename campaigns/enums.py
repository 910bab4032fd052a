from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """Where marketing and sales meet people."""

    SEARCH = "search", _("Paid search")
    SOCIAL = "social", _("Social media")
    DISPLAY = "display", _("Display and video")
    EMAIL = "email", _("E-mail")
    WEBINAR = "webinar", _("Webinar")
    EVENT = "event", _("Trade fair or event")
    CONTENT = "content", _("Website and content")
    REFERRAL = "referral", _("Referral")
    PARTNER = "partner", _("Partner")
    PHONE = "phone", _("Phone")
    MEETING = "meeting", _("Meeting")
    MESSAGE = "message", _("Chat or message")
    OTHER = "other", _("Other")
