from zoneinfo import ZoneInfo

from django.db import connection

from foundation.accounts.models import Workspace


def current() -> Workspace:
    """Return the workspace's settings; the defaults while nobody has changed any."""
    return Workspace.objects.filter(pk=1).first() or Workspace()


def zone() -> ZoneInfo:
    """Return the zone whose days the workspace's numbers are cut in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT time_zone FROM accounts_workspace WHERE id = 1")
        row = cursor.fetchone()
    return ZoneInfo(row[0] if row else Workspace().time_zone)
