"""The KPIs of this app. Importing it registers them, in the order of display."""

from kpis.queries.declared import path

__all__ = ["path"]
