"""What a setting may say. Each check raises `Invalid` naming its field."""

from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import Invalid
from foundation.kernel.places import CURRENCIES, countries, time_zones


class UnknownTimeZone(Invalid):
    code = "unknown_time_zone"


class UnknownCurrency(Invalid):
    code = "unknown_currency"


class UnknownCountry(Invalid):
    code = "unknown_country"


def check_time_zone(name: str, *, field: str = "time_zone") -> None:
    """Refuse a name that is no IANA time zone."""
    if name not in time_zones():
        message = _("Write a time zone like Europe/Bucharest.")
        raise UnknownTimeZone(message, field=field)


def check_currency(code: str, *, field: str = "base_currency") -> None:
    """Refuse a code that is no currency of ISO 4217."""
    if code not in CURRENCIES:
        message = _("Write a currency as its three capitals: EUR.")
        raise UnknownCurrency(message, field=field)


def check_country(code: str, *, field: str = "country") -> None:
    """Refuse a code that is no country of ISO 3166; none at all is fine."""
    if code and code not in countries():
        message = _("Write a country as its two capitals: RO.")
        raise UnknownCountry(message, field=field)
