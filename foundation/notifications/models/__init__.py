from foundation.notifications.models.mailing import Mailing
from foundation.notifications.models.notice import Notice
from foundation.notifications.models.preference import Preference

__all__ = ["Mailing", "Notice", "Preference"]
