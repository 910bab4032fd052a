"""What addresses of notices need: one of the caller's own."""

from datetime import UTC, datetime

from foundation.notifications.actions import delivering
from foundation.notifications.models import Notice
from tests.factories.accounts import make_user
from tests.factories.notices import give

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def a_notice(caller):
    """A notice that stands in the caller's inbox; somebody's, if nobody calls."""
    reader = caller or make_user()
    row = give(reader, Notice.objects.count() + 1, AT)
    delivering.deliver(at=AT, by_mail=False)
    return {"pk": row.pk}
