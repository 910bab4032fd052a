from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = _("Numbers")

    @override
    def ready(self) -> None:
        from kpis import receivers, tasks  # noqa: F401, PLC0415 -- need the models
