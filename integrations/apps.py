from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")

    @override
    def ready(self) -> None:
        # Whoever makes work must know its lane, also where no worker runs.
        import_module("integrations.tasks")
