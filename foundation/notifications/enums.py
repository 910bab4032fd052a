from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class How(TextChoices):
    """How somebody wants to read of one kind of notice by e-mail, besides the inbox."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    NOT = "not", _("Not by e-mail")


class MailForm(TextChoices):
    """Why notices came into one e-mail."""

    ONE = "one", _("One notice")
    MANY = "many", _("Several notices in place of several e-mails")
    DAILY = "daily", _("The notices of a day")


class MailState(TextChoices):
    """Where an e-mail is. One that is being handed over may or may not be out."""

    WAITING = "waiting", _("Waiting")
    HANDING_OVER = "handing_over", _("Being handed over")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused by the mail server")
    DROPPED = "dropped", _("Not needed any more")
