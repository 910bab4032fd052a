"""Keys that systems write, such as sources, as people read them."""


def as_words(key: str) -> str:
    """Write a key as words: paid_search is paid search."""
    return key.replace("_", " ")
