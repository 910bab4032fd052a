from django import template

register = template.Library()


@register.filter
def as_words(key: str) -> str:
    """Write a key, such as a source, as people read it: paid search."""
    return key.replace("_", " ")
