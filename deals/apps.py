from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "deals"
    verbose_name = _("Deals")

    @override
    def ready(self) -> None:
        from deals import receivers  # noqa: F401, PLC0415 -- needs the models
