from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from foundation.accounts.enums import Permission
from foundation.accounts.rules import has_permission


def shell(request: HttpRequest) -> dict[str, object]:
    """Give every page the theme, and what the person may do (`may.imports_run`)."""
    theme = request.COOKIES.get("theme", "auto")
    user = getattr(request, "user", AnonymousUser())  # pages of early errors have none
    return {
        "theme": theme if theme in {"light", "dark"} else "auto",
        "may": {each.name.lower(): has_permission(user, each) for each in Permission},
    }
