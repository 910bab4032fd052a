from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.accounts.rules import has_permission
from foundation.notifications.queries.notices import unread_count


def shell(request: HttpRequest) -> dict[str, object]:
    """Give every page the theme, what the person may do, and how much is unread.

    What they may do is asked for as ``may.imports_run``. Unread notices are counted
    only where a page shows them.
    """
    theme = request.COOKIES.get("theme", "auto")
    user = getattr(request, "user", AnonymousUser())  # pages of early errors have none
    return {
        "theme": theme if theme in {"light", "dark"} else "auto",
        "unread_notices": partial(_unread, user),
        "may": {each.name.lower(): has_permission(user, each) for each in Permission},
    }


def _unread(user: User | AnonymousUser) -> int:
    return unread_count(user) if isinstance(user, User) else 0
