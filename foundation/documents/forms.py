"""What is asked of people who propose, reject or comment on a version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ProposeForm(forms.Form):
    sign_by = forms.DateField(
        required=False,
        label=_("To be signed by"),
        help_text=_("Past this day it goes on the next meeting's agenda."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RejectForm(forms.Form):
    reason = forms.CharField(
        max_length=2_000, label=_("Why"), widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    """What somebody says about a version, as a whole or about one of its rules."""

    text = forms.CharField(
        max_length=2_000,
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.ChoiceField(required=False, label=_("About"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        places: list[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("all of it")), *places]  # type: ignore[attr-defined]
