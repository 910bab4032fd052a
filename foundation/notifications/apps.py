from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Apps say in their ``notices`` modules what is told to whom, in what words."""

    name = "foundation.notifications"
    verbose_name = _("Notices")

    @override
    def ready(self) -> None:
        import_module("foundation.notifications.tasks")
        autodiscover_modules("notices")
