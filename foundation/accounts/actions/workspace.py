"""The settings that everybody's numbers depend on, checked one by one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.accounts.models import Workspace
from foundation.accounts.models.user import LANGUAGES
from foundation.accounts.queries import workspace as queries
from foundation.accounts.signals import workspace_changed
from foundation.accounts.validators import (
    check_country,
    check_currency,
    check_time_zone,
)
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger

type Value = str | int | bool | Decimal | list[str]

_LONGEST_NAME = 120
_LONGEST_WINDOW_DAYS = 1_095
_MONTHS = 12
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class UnknownSetting(Invalid):
    """There is no setting of this name."""

    code = "unknown_setting"


class BadSetting(Invalid):
    """The value is not one this setting can have."""

    code = "bad_setting"


def configure(
    settings: Mapping[str, str], *, by: AbstractBaseUser | None, at: datetime
) -> list[str]:
    """Change workspace settings, all of them or none, and return which did change.

    Values come as text, as a form or a command has them: ``time_zone`` an IANA name,
    ``base_currency`` ISO 4217, ``fiscal_year_start`` a month from 1 to 12,
    ``gross_margin`` a share from 0 to 1 with up to four places, ``language`` and
    ``languages`` (comma-separated) out of en, ro, pl, ``country`` ISO 3166,
    ``path_window_days`` and ``step_window_days`` from 1 to 1095,
    ``persons_visible_to_heads`` true or false. Setting what is set already changes
    nothing.

    Raises:
        UnknownSetting: a name is none of these.
        BadSetting, UnknownTimeZone, UnknownCurrency, UnknownCountry: a value is wrong;
            the error's field names the setting.
    """
    values = {name: read(name, text) for name, text in settings.items()}
    present = queries.current()
    if all(getattr(present, name) == value for name, value in values.items()):
        return []
    with ledger.entry(by=by, at=at, cause="configure") as entry:
        Workspace.objects.bulk_create([Workspace()], ignore_conflicts=True)
        row = Workspace.objects.select_for_update().get(pk=1)
        changed = {k: v for k, v in values.items() if getattr(row, k) != v}
        if not changed:
            return []
        _store(row, changed)
        data = {name: _written(value) for name, value in changed.items()}
        entry.record("accounts.workspace.changed", subject=("workspace", 1), data=data)
        workspace_changed.send(
            Workspace, workspace=row, changed=frozenset(changed), by=by, at=at
        )
    return sorted(changed)


def _store(row: Workspace, changed: Mapping[str, Value]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    if row.language not in row.languages:
        message = _("The usual language is one of the languages offered.")
        raise BadSetting(message, field="language")
    row.save(update_fields=list(changed))


def read(name: str, text: str) -> Value:
    """Return a setting's value from its text, or refuse it; see `configure`."""
    if name not in _READERS:
        known = ", ".join(_READERS)
        message = _("There is no setting “%(name)s”. There are: %(known)s.")
        raise UnknownSetting(message % {"name": name, "known": known}, field=name)
    return _READERS[name](name, text.strip())


def names() -> list[str]:
    """Return the names of all settings."""
    return list(_READERS)


def _name(name: str, text: str) -> str:
    if len(text) > _LONGEST_NAME or not text.isprintable():
        said = ngettext(
            "A name has at most %(n)s character.",
            "A name has at most %(n)s characters.",
            _LONGEST_NAME,
        )
        raise BadSetting(said % {"n": _LONGEST_NAME}, field=name)
    return text


def _zone(name: str, text: str) -> str:
    check_time_zone(text, field=name)
    return text


def _currency(name: str, text: str) -> str:
    check_currency(text.upper(), field=name)
    return text.upper()


def _country(name: str, text: str) -> str:
    check_country(text.upper(), field=name)
    return text.upper()


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def read_whole(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            message = _("Write a whole number from %(low)s to %(high)s.")
            raise BadSetting(message % {"low": low, "high": high}, field=name)
        return int(text)

    return read_whole


def _margin(name: str, text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    exact = share.is_finite() and share == round(share, 4)
    if not (exact and 0 <= share <= 1):
        message = _("Write a share from 0 to 1 with up to four places, such as 0.8.")
        raise BadSetting(message, field=name)
    return share


def _language(name: str, text: str) -> str:
    if text not in LANGUAGES:
        message = _("Write one of: %(known)s.") % {"known": ", ".join(LANGUAGES)}
        raise BadSetting(message, field=name)
    return text


def _languages(name: str, text: str) -> list[str]:
    wanted = {_language(name, part.strip()) for part in text.split(",")}
    return [language for language in LANGUAGES if language in wanted]


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in _WORDS:
        raise BadSetting(_("Write true or false."), field=name)
    return _WORDS[text.lower()]


_READERS: dict[str, Callable[[str, str], Value]] = {
    "name": _name,
    "time_zone": _zone,
    "base_currency": _currency,
    "fiscal_year_start": _whole(1, _MONTHS),
    "gross_margin": _margin,
    "language": _language,
    "languages": _languages,
    "country": _country,
    "path_window_days": _whole(1, _LONGEST_WINDOW_DAYS),
    "step_window_days": _whole(1, _LONGEST_WINDOW_DAYS),
    "persons_visible_to_heads": _yes_or_no,
}


def _written(value: Value) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def mark_example(*, by: AbstractBaseUser | None, at: datetime) -> None:
    """Note that the workspace holds the example company and nobody's real records."""
    with ledger.entry(by=by, at=at, cause="example") as entry:
        Workspace.objects.bulk_create([Workspace()], ignore_conflicts=True)
        if Workspace.objects.filter(pk=1, is_example=False).update(is_example=True):
            entry.record("accounts.workspace.filled", subject=("workspace", 1))
