from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.enums import Function
from foundation.accounts.queries import people
from meetings.domain.plan import Plan
from meetings.enums import Weekday, Weeks
from meetings.models.item import LONGEST_BOX_MINUTES
from meetings.models.series import LONGEST_LEAD_HOURS, LONGEST_MINUTES
from meetings.queries import kpis

if TYPE_CHECKING:
    from foundation.accounts.models import User

type Choices = list[tuple[str, str]]
"""Items of a meeting by id, as people call them."""


class DateInput(forms.DateInput):
    """The browser's own calendar, in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def person_field(**kwargs: Any) -> "forms.ModelChoiceField[User]":  # noqa: ANN401
    """Return a field for somebody who can sign in; ``kwargs`` are the field's own."""
    return forms.ModelChoiceField(queryset=people.active(), **kwargs)


class AboutForm(forms.Form):
    """Something written about one item of the meeting."""

    item = forms.TypedChoiceField(coerce=int, label=_("About"))

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class NoteForm(AboutForm):
    text = forms.CharField(
        label=_("Note"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(AboutForm):
    text = forms.CharField(
        label=_("What was decided"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_by = forms.DateField(
        label=_("Look again on"),
        required=False,
        widget=DateInput(),
        help_text=_("It comes back on the first agenda from then on: did it help?"),
    )
    help_kpi = forms.ChoiceField(label=_("Number to look at"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        choices = [("", _("No number")), *kpis.names()]
        self.fields["help_kpi"].choices = choices  # type: ignore[attr-defined]


class ActionForm(AboutForm):
    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = person_field(label=_("Who"), empty_label=_("Choose a person"))
    due_on = forms.DateField(label=_("Due"), widget=DateInput())


class TopicForm(forms.Form):
    text = forms.CharField(label=_("Topic"), max_length=200)
    box_minutes = forms.IntegerField(
        label=pgettext_lazy("length", "Minutes"),
        min_value=1,
        max_value=LONGEST_BOX_MINUTES,
        initial=5,
    )


class MoveForm(forms.Form):
    owner = person_field(label=_("Who"), empty_label=None)
    due_on = forms.DateField(label=_("Due"), widget=DateInput())


class DropForm(forms.Form):
    reason = forms.CharField(label=_("Why it is not needed any more"), max_length=200)


class SeriesForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    weeks = forms.TypedChoiceField(
        label=_("How often"), choices=Weeks.choices, coerce=int
    )
    weekday = forms.TypedChoiceField(
        label=_("Day"), choices=Weekday.choices, coerce=int
    )
    local_time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    first_on = forms.DateField(
        label=_("First week"),
        widget=DateInput(),
        help_text=_("Every second week is counted from this day."),
    )
    minutes = forms.IntegerField(
        label=pgettext_lazy("length", "Minutes"),
        min_value=5,
        max_value=LONGEST_MINUTES,
        initial=45,
    )
    agenda_hours = forms.IntegerField(
        label=_("Hours before, for the agenda"),
        min_value=1,
        max_value=LONGEST_LEAD_HOURS,
        initial=4,
    )
    first_side = forms.ChoiceField(
        label=_("Facilitated first by"),
        choices=Function.choices,
        help_text=_("The teams take turns from meeting to meeting."),
    )
    sales_facilitator = person_field(
        label=_("Facilitator of sales"),
        required=False,
        empty_label=_("The head of sales"),
    )
    marketing_facilitator = person_field(
        label=_("Facilitator of marketing"),
        required=False,
        empty_label=_("The head of marketing"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        zones = [(name, name) for name in sorted(available_timezones()) if "/" in name]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """Return what was filled in."""
        return Plan(**self.cleaned_data)
