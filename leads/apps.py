from typing import override

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 -- fills the lists
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    @override
    def ready(self) -> None:
        from foundation.documents.queries import kinds  # noqa: PLC0415 -- needs the models
        from leads import receivers, tasks  # noqa: F401, PLC0415 -- need the models
        from leads.actions.reasons import add_defaults  # noqa: PLC0415 -- models
        from leads.queries.definitions import KINDS, NAMES  # noqa: PLC0415 -- models

        for stage, kind in KINDS.items():
            kinds.register(kind, NAMES[stage], page="leads:definition-detail")

        post_migrate.connect(add_defaults, sender=self)
