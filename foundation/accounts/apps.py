from importlib import import_module
from typing import override

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    verbose_name = _("People")

    @override
    def ready(self) -> None:
        import_module("foundation.accounts.receivers")
