from django import template

from foundation.kernel.places import country_name
from leads.domain import keys

register = template.Library()


@register.filter
def country(code: str) -> str:
    """Write a country's two letters as its name in the reader's language."""
    return country_name(code)


@register.filter
def as_words(key: str) -> str:
    """Write a key, such as a source, as people read it: paid search."""
    return keys.as_words(key)
