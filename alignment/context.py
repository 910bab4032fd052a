from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Give every page the person's theme and shortcuts."""
    theme = request.COOKIES.get("theme", "auto")
    return {"theme": theme if theme in {"light", "dark"} else "auto"}
