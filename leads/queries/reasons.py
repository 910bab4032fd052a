from leads.enums import ReasonKind
from leads.models import Reason


def in_use(kind: ReasonKind) -> list[Reason]:
    """Return the reasons people can choose from, in their agreed order."""
    return list(Reason.objects.filter(kind=kind, in_use=True))


def codes(kinds: list[ReasonKind]) -> set[tuple[str, str]]:
    """Return (kind, code) of every reason in use of the kinds."""
    rows = Reason.objects.filter(kind__in=kinds, in_use=True)
    return set(rows.values_list("kind", "code"))
