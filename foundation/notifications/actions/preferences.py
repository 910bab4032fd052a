from collections.abc import Mapping
from datetime import datetime

from foundation.accounts.models import User
from foundation.ledger import actions as ledger
from foundation.notifications.enums import How
from foundation.notifications.models import Preference
from foundation.notifications.queries.preferences import choices_of


def choose(wanted: Mapping[str, How], *, by: User, at: datetime) -> int:
    """Have kinds of notices come to somebody by e-mail as they want from now on.

    Kinds that do not concern them are passed over. Choosing the same changes nothing.

    Args:
        wanted: by name of the kind.
        by: whose choice it is.
        at: now.

    Returns:
        How many kinds come differently from before.
    """
    now = {kind.name: how for kind, how in choices_of(by)}
    changed = {k: how for k, how in wanted.items() if now.get(k, how) != how}
    if not changed:
        return 0
    with ledger.entry(by=by, at=at, cause="web") as entry:
        Preference.objects.bulk_create(
            [Preference(person=by, kind=k, mail=how) for k, how in changed.items()],
            update_conflicts=True,
            unique_fields=["person", "kind"],
            update_fields=["mail"],
        )
        for name, how in sorted(changed.items()):
            entry.record(
                "notifications.preference.changed",
                subject=("accounts.user", by.pk),
                data={"kind": name, "mail": how},
            )
    return len(changed)
