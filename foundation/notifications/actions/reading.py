from datetime import datetime

from foundation.accounts.models import User
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import inbox_of


def read(notice: Notice, *, by: User, at: datetime) -> bool:
    """Note that somebody has read a notice of theirs; tell whether that is new.

    Somebody else's is left alone.
    """
    unread = inbox_of(by).filter(pk=notice.pk, read_at__isnull=True)
    return bool(unread.order_by().update(read_at=at))


def read_all(*, by: User, until: Notice, at: datetime) -> int:
    """Note that somebody has read all their notices up to ``until``.

    What was delivered after it, and so after the page was shown, stays unread. Returns
    how many were unread.
    """
    unread = inbox_of(by).filter(read_at__isnull=True)
    shown = unread.filter(delivered_at__lte=until.delivered_at)
    return shown.order_by().update(read_at=at)
