from django.db.models import QuerySet

from integrations.models import Load, LoadError

COUNTS = ("rows", "created", "updated", "unchanged", "rejected")


def errors(load: Load) -> QuerySet[LoadError]:
    """Return everything wrong with a load's rows, in their order in the file."""
    return LoadError.objects.filter(load=load).order_by("row", "pk")
