from django import template

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """Write seconds of business time as ``1:50:19``."""
    minutes, rest = divmod(abs(int(seconds)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
