"""What people fill in about themselves and others. Rules live in actions."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any, override

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.forms.renderers import BaseRenderer
from django.http import HttpRequest, QueryDict
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Permission, Role, Theme
from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.accounts.rules import SCOPES
from foundation.accounts.validators import check_time_zone
from foundation.kernel.errors import Invalid
from foundation.kernel.places import time_zones

LONGEST_PASSWORD = 256
_password_rules = lazy(lambda: " ".join(password_validators_help_texts()), str)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, be it empty; None if it is only shown."""
    return request.POST if request.method == "POST" else None


class LoginForm(allauth.LoginForm):
    """E-mail and password, without placeholders that vanish."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""


class ResetPasswordForm(allauth.ResetPasswordForm):
    """Asks for an address, and tells nobody whether it is known."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    @override
    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()


_PASSWORDS = {
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


def _in_our_words(form: forms.Form) -> None:
    for name, field in form.fields.items():
        field.label = _PASSWORDS[name]
        field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        _in_our_words(self)


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        _in_our_words(self)


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        _in_our_words(self)


type Words = Callable[[], Iterable[str]]


class Suggesting(forms.TextInput):
    """A field to type in that suggests words; hundreds of them cost one string.

    ``named`` says beside each word what it stands for, in the reader's language.
    """

    def __init__(
        self, words: Words, named: Callable[[str], str] = str, **attrs: str
    ) -> None:
        super().__init__(attrs={"autocomplete": "off", **attrs})
        self._words, self._named = words, named

    @override
    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        place = f"{(attrs or {}).get('id', name)}_words"
        field = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return field + format_html(
            '<datalist id="{}">{}</datalist>',
            place,
            _options(self._words, self._named, get_language()),
        )


@cache
def _options(
    words: Words, named: Callable[[str], str], _language: str | None
) -> SafeString:
    rows = [(word, named(word)) for word in sorted(words())]
    option = '<option value="{}">' if named is str else '<option value="{}" label="{}">'
    return format_html_join("", option, rows)


def check_zone(name: str) -> None:
    """Refuse what is no time zone, as a form does."""
    try:
        check_time_zone(name)
    except Invalid as refusal:
        raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


NATIVE_NAMES = {"en": "English", "ro": "Română", "pl": "Polski"}


def language_choices() -> list[tuple[str, str]]:
    """Return the languages the workspace offers, each in itself."""
    return [(code, NATIVE_NAMES[code]) for code in workspace.current().languages]


class ProfileForm(forms.Form):
    """One's own name and how one wants to see things."""

    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=Suggesting(time_zones),
        validators=[check_zone],
        help_text=_("Empty: the workspace's."),
        required=False,
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    shortcuts = forms.BooleanField(
        label=_("Single keys as shortcuts"),
        help_text=_("Press ? on any page to see them."),
        required=False,
    )


class InvitationForm(forms.Form):
    """Name and password of somebody who comes in."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_password_rules(),  # type: ignore[no-untyped-call]
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:  # noqa: ANN401 -- handed on
        super().__init__(*args, **options)
        self._email = email

    @override
    def clean(self) -> None:
        super().clean()
        name, password = (self.cleaned_data.get(n, "") for n in ("name", "password"))
        if not password:
            return
        try:
            validate_password(password, User(email=self._email, name=name))
        except forms.ValidationError as error:
            self.add_error("password", error)


_LIVES, _YEAR = (30, 90), 365
ONESELF, NEW = "self", "new"


def _scope_choices() -> list[tuple[str, str]]:
    held: dict[str, list[str]] = {}
    for permission, scope in SCOPES.items():
        held.setdefault(scope, []).append(str(Permission(permission).label))
    return [(scope, f"{scope} — {', '.join(labels)}") for scope, labels in held.items()]


def _owner_choices() -> list[tuple[str, str]]:
    integrations = User.objects.filter(role=Role.INTEGRATION).order_by("name", "pk")
    return [
        (NEW, str(_("A new integration of this name"))),
        *((str(row.pk), row.name) for row in integrations),
        (ONESELF, str(_("Yourself"))),
    ]


def _life_choices() -> list[tuple[int, str]]:
    days = [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in _LIVES]
    return [*days, (_YEAR, str(_("A year")))]


class TokenForm(forms.Form):
    """A program's key: for whom, for what, for how long."""

    name = forms.CharField(label=_("Name"), max_length=80)
    owner = forms.ChoiceField(label=_("Acts as"), choices=_owner_choices)
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("token", "May"),
        choices=_scope_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Works for"), choices=_life_choices, coerce=int, initial=90
    )

    @property
    def life(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
