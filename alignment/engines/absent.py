"""Say which database does not answer, in place of the driver's many lines."""

from urllib.parse import urlsplit

_SIGNS = ("connection to server ", "could not translate host name ")


def told(words: str, url: str) -> str:
    """Return a sentence where ``words`` are of a database that is not there; else "".

    Args:
        words: what a program said last.
        url: the address it was given, as ``DATABASE_URL``; its password is not told.
    """
    lines = [line for line in words.splitlines() if any(s in line for s in _SIGNS)]
    if not lines:
        return ""
    parts = urlsplit(url)
    place = f"{parts.hostname or 'localhost'}, port {parts.port or 5432}"
    why = lines[-1].rpartition(": ")[2].strip()
    return f"DATABASE_URL: no database answers at {place}: {why}"
