from integrations.enums import LoadState
from integrations.models import Load

_TAKEN = (LoadState.LOADING, LoadState.LOADED, LoadState.STOPPED)


def same_file(load: Load) -> Load | None:
    """Return the newest other load of the very same bytes that was not undone."""
    others = Load.objects.filter(sha256=load.sha256, kind=load.kind, state__in=_TAKEN)
    return others.exclude(pk=load.pk).order_by("-created_at", "-pk").first()
