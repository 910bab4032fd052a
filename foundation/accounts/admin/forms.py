"""What leadership fills in about people and teams."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Function, Role
from foundation.accounts.forms import Suggesting, check_zone, language_choices
from foundation.accounts.models import Team
from foundation.kernel.places import countries, country_name, time_zones

HUMANS = [(role.value, role.label) for role in Role if role != Role.INTEGRATION]


def teams() -> "forms.ModelChoiceField[Team]":
    """Return the choice of a team, or of none."""
    return forms.ModelChoiceField(
        Team.objects.order_by("name"),
        label=_("Team"),
        required=False,
        empty_label=_("No team"),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=HUMANS)


class TeamChoice(forms.Form):
    team = teams()


class GuestForm(forms.Form):
    """Somebody to be invited; a known person has a name and role already."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=HUMANS)
    team = teams()
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    function = forms.ChoiceField(label=_("Department"), choices=Function.choices)
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=Suggesting(time_zones),
        validators=[check_zone],
        help_text=_("Its working hours are in this zone."),
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        widget=Suggesting(countries, country_name),
        help_text=_("Its two capitals, for its public holidays: RO."),
        required=False,
    )
