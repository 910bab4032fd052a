"""The KPIs of this app. Importing it registers them, in the order of display."""

from kpis.queries.declared import (  # isort: skip -- the order of display
    result,
    path,
    waiting,
    dealing,
    promises,
    costs,
)

__all__ = ["costs", "dealing", "path", "promises", "result", "waiting"]
