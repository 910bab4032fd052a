from zoneinfo import ZoneInfo

from foundation.accounts.models import Workspace


def current() -> Workspace:
    """Return the workspace's settings; the defaults while nobody has changed any."""
    return Workspace.objects.filter(pk=1).first() or Workspace()


def zone() -> ZoneInfo:
    """Return the zone whose days the workspace's numbers are cut in."""
    keys = Workspace.objects.filter(pk=1).values_list("time_zone", flat=True)
    return ZoneInfo(next(iter(keys), Workspace().time_zone))
