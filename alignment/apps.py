from importlib import import_module
from typing import override

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    """Wires what the apps below must not know of each other."""

    name = "alignment"

    @override
    def ready(self) -> None:
        for module in ("receivers", "tasks"):
            import_module(f"alignment.{module}")
