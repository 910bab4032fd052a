"""What people fill in about clocks and the agreement."""

from typing import TYPE_CHECKING, override

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from leads.models import Lead, Touchpoint
from sla.enums import PauseReason
from sla.queries.pauses import evidence_of

if TYPE_CHECKING:
    _TouchField = forms.ModelChoiceField[Touchpoint]
else:
    _TouchField = forms.ModelChoiceField


class EvidenceField(_TouchField):
    """One touch out of those that can show why a clock stands still."""

    @override
    def label_from_instance(self, obj: Touchpoint) -> str:
        moment = date_format(localtime(obj.occurred_at), "SHORT_DATETIME_FORMAT")
        return f"{obj.get_type_display()} · {moment}"


class PauseForm(forms.Form):
    """Why a lead's clocks stand still, until when, and what shows it."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=PauseReason.choices, widget=forms.RadioSelect
    )
    until_at = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    evidence = EvidenceField(
        label=_("Shown by"), queryset=Touchpoint.objects.none(), empty_label=None
    )

    def __init__(self, lead: Lead, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._evidence.queryset = evidence_of(lead)

    @property
    def has_evidence(self) -> bool:
        """Return whether there is anything that could show a reason."""
        queryset = self._evidence.queryset
        return queryset is not None and bool(queryset)

    @property
    def _evidence(self) -> EvidenceField:
        field = self.fields["evidence"]
        assert isinstance(field, EvidenceField)  # noqa: S101 -- for the type
        return field


class AgreementForm(forms.Form):
    """What an agreement says besides its clauses and rules."""

    title = forms.CharField(max_length=200, label=_("Name"))
    prose = forms.CharField(
        required=False,
        max_length=20_000,
        label=_("In your own words"),
        help_text=_("What both sides want of each other, for people to read."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    effective_on = forms.DateField(
        required=False,
        label=_("Holds from"),
        help_text=_("Once both have signed, if left blank."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    review_on = forms.DateField(
        required=False,
        label=_("To be reviewed by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
