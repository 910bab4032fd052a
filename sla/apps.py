from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 -- fills the agreement
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Agreement")

    @override
    def ready(self) -> None:
        import_module("sla.tasks")
        receivers = import_module("sla.receivers")
        kinds = import_module("foundation.documents.queries.kinds")
        kinds.register("agreement", _("Agreement"), page="sla:agreement-detail")
        post_migrate.connect(receivers.fill_new_workspace, sender=self)
