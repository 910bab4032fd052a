from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.accounts.validators import check_time_zone
from foundation.kernel.errors import Invalid
from foundation.ledger import actions as ledger


class LanguageNotOffered(Invalid):
    """The workspace does not offer this language."""

    code = "language_not_offered"


@dataclass(frozen=True)
class Profile:
    """How somebody is called and wants to see things.

    ``time_zone`` may be empty: the workspace's. ``theme`` is auto, light or dark.
    """

    name: str
    language: str
    time_zone: str
    theme: str
    shortcuts: bool


def change(person: User, profile: Profile, *, at: datetime) -> None:
    """Store one's own name, language, time zone, theme and keys.

    Raises:
        LanguageNotOffered: the workspace does not offer the language.
        UnknownTimeZone: there is no such zone.
    """
    if profile.time_zone:
        check_time_zone(profile.time_zone)
    _refuse_language(profile.language)
    with ledger.entry(by=person, at=at, cause="profile") as entry:
        person.name = profile.name.strip()
        person.language, person.time_zone = profile.language, profile.time_zone
        person.theme, person.shortcuts = profile.theme, profile.shortcuts
        names = ["name", "language", "time_zone", "theme", "shortcuts"]
        person.save(update_fields=names)
        entry.record("accounts.profile.changed", subject=("accounts.user", person.pk))


def choose_language(person: User, language: str, *, at: datetime) -> None:
    """Show somebody everything in another language from now on.

    Raises:
        LanguageNotOffered: the workspace does not offer it.
    """
    _refuse_language(language)
    with ledger.entry(by=person, at=at, cause="profile") as entry:
        other = User.objects.filter(pk=person.pk).exclude(language=language)
        if other.update(language=language):
            subject, data = ("accounts.user", person.pk), {"language": language}
            entry.record("accounts.profile.changed", subject=subject, data=data)


def _refuse_language(language: str) -> None:
    if language not in workspace.current().languages:
        message = _("This language is not offered here.")
        raise LanguageNotOffered(message, field="language")
