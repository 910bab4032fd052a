"""What a browser calls itself, short enough to recognise one's own."""

BROWSER = "browser"
"""The session keeps it under this name."""

_PROGRAMS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def describe(user_agent: str) -> str:
    """Return ``Firefox · Windows``, or as much of it as can be told."""
    found = [
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (_PROGRAMS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found))
