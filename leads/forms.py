from typing import Any, override

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.enums import Channel
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from leads.enums import Direction, Exclusion, ReasonKind, Stage, TouchType
from leads.models import Reason
from leads.queries import leads as queries
from leads.queries.leads import LeadFilter


def reps() -> QuerySet[User]:
    """Return who can be given leads, by name."""
    roles = [Role.SALES_REP, Role.HEAD_OF_SALES]
    return User.objects.filter(role__in=roles, is_active=True).order_by("name")


_NOT_LISTED = {Exclusion.NONE, Exclusion.WITHDRAWN}


def _choices(kind: ReasonKind) -> list[tuple[str, str]]:
    rows = Reason.objects.filter(kind=kind, in_use=True)
    return [("", str(_("Choose a reason"))), *((row.code, row.label) for row in rows)]


class FilterForm(forms.Form):
    """The filters of the list. They live in the address; wrong ones are left out."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label=_("Find"),
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, company, e-mail…")}
        ),
    )
    stage = forms.ChoiceField(
        required=False,
        label=_("Stage"),
        choices=[("", _("All stages")), ("open", _("On their way")), *Stage.choices],
    )
    source = forms.ChoiceField(required=False, label=_("Source"))
    owner = forms.ChoiceField(required=False, label=_("Owner"))
    country = forms.CharField(required=False, max_length=2, widget=forms.HiddenInput)
    segment = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    campaign = forms.IntegerField(required=False, widget=forms.HiddenInput)
    apart = forms.ChoiceField(
        required=False,
        label=_("Counted"),
        choices=[
            ("", _("In the numbers")),
            *((e.value, e.label) for e in Exclusion if e not in _NOT_LISTED),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        sources = [(name, name.replace("_", " ")) for name in queries.sources()]
        self.fields["source"].choices = [("", _("All sources")), *sources]  # type: ignore[attr-defined]
        people = [(str(person.pk), person.name) for person in reps()]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody's")),
            ("me", _("Mine")),
            ("none", _("Nobody's")),
            *people,
        ]

    def asked(self) -> LeadFilter:
        """Return the filter; a field that is wrong asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        names = {"source": "source", "country": "country", "segment": "segment"}
        values = {
            lookup: data[name] for name, lookup in names.items() if data.get(name)
        }
        if data.get("campaign"):
            values["campaign_id"] = data["campaign"]
        return LeadFilter(
            text=data.get("q", ""),
            stage=data.get("stage", ""),
            owner=data.get("owner", ""),
            apart=data.get("apart", ""),
            values=values,
        )


class NewLeadForm(forms.Form):
    email = forms.EmailField(required=False, max_length=254, label=_("E-mail address"))
    phone = forms.CharField(required=False, max_length=20, label=_("Phone"))
    first_name = forms.CharField(required=False, max_length=100, label=_("First name"))
    last_name = forms.CharField(required=False, max_length=100, label=_("Last name"))
    job_title = forms.CharField(required=False, max_length=150, label=_("Position"))
    source = forms.CharField(required=False, max_length=80, label=_("Source"))
    country = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        required=False,
        label=_("Country"),
        help_text=_("Two letters: RO, PL."),
    )

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class RefusalForm(forms.Form):
    """Sending back to nurture, or ruling out: what, why, until when, in words."""

    to = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (Stage.RECYCLED, _("Back to nurture")),
            (Stage.DISQUALIFIED, _("Ruled out")),
        ],
        widget=forms.RadioSelect,
        initial=Stage.RECYCLED,
    )
    reason = forms.ChoiceField(label=_("Reason"))
    re_entry_on = forms.DateField(
        required=False,
        label=_("Come back on"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    note = forms.CharField(
        required=False,
        max_length=2_000,
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        groups = [
            ("", _("Choose a reason")),
            (_("Back to nurture"), _choices(ReasonKind.REFUSE)[1:]),
            (_("Ruled out"), _choices(ReasonKind.DISQUALIFY)[1:]),
        ]
        self.fields["reason"].choices = groups  # type: ignore[attr-defined]

    @override
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        to, reason = data.get("to"), data.get("reason")
        kind = ReasonKind.REFUSE if to == Stage.RECYCLED else ReasonKind.DISQUALIFY
        if to and reason and reason not in dict(_choices(kind)):
            self.add_error("reason", _("This reason is not for that."))
        return data


class QualifyForm(forms.Form):
    to = forms.ChoiceField(
        label=_("Stage"), choices=[(Stage.MQL, "MQL"), (Stage.SQL, "SQL")]
    )
    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        required=False,
        max_length=2_000,
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(ReasonKind.BY_HAND)  # type: ignore[attr-defined]


class TouchForm(forms.Form):
    """A contact somebody had: how, when, and what was said."""

    type = forms.ChoiceField(
        label=_("What"),
        choices=[
            (t.value, t.label)
            for t in (
                *(TouchType.CALL, TouchType.EMAIL, TouchType.MEETING),
                *(TouchType.MESSAGE, TouchType.OTHER),
            )
        ],
    )
    direction = forms.ChoiceField(
        label=_("Who"), choices=Direction.choices, initial=Direction.OUTBOUND
    )
    occurred_at = forms.DateTimeField(
        required=False,
        label=_("When"),
        help_text=_("Now, if left blank."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    note = forms.CharField(
        required=False,
        max_length=2_000,
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    accept = forms.BooleanField(required=False, label=_("Accept the lead, too"))

    def channel(self) -> str:
        """Return where a contact of this type takes place."""
        return {
            TouchType.CALL: Channel.PHONE,
            TouchType.EMAIL: Channel.EMAIL,
            TouchType.MEETING: Channel.MEETING,
            TouchType.MESSAGE: Channel.MESSAGE,
        }.get(self.cleaned_data["type"], Channel.OTHER)


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label=_("Owner"),
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = reps()  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """What is done to the leads that were ticked."""

    ids = forms.TypedMultipleChoiceField(coerce=int, required=True)
    act = forms.ChoiceField(
        choices=[("give", "give"), ("turn", "turn"), ("exclude", "exclude")]
    )
    owner = forms.IntegerField(required=False)
    exclusion = forms.ChoiceField(required=False, choices=Exclusion.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        sent = self.data.getlist("ids") if hasattr(self.data, "getlist") else []
        whole = [(i, i) for i in sent if i.isdecimal()][: queries.PAGE_SIZE]
        self.fields["ids"].choices = whole  # type: ignore[attr-defined]


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """The words of a reason, and whether people can choose it."""

    class Meta:
        model = Reason
        fields = ["label_en", "label_ro", "label_pl", "in_use"]
        labels = {
            "label_en": _("In English"),
            "label_ro": _("In Romanian"),
            "label_pl": _("In Polish"),
            "in_use": _("People can choose it"),
        }


class NewReasonForm(ReasonForm):
    """A new reason; its list and code are fixed from then on."""

    class Meta(ReasonForm.Meta):
        fields = ["kind", "code", "label_en", "label_ro", "label_pl"]
        labels = {**ReasonForm.Meta.labels, "kind": _("List"), "code": _("Code")}
        help_texts = {
            "code": _("For files and programs, such as no_budget. It never changes.")
        }

    @override
    def validate_constraints(self) -> None:
        """Leave it to the action, which looks while nobody else writes."""


class DefinitionForm(forms.Form):
    """What a definition says besides its criteria."""

    title = forms.CharField(max_length=200, label=_("Name"))
    prose = forms.CharField(
        required=False,
        max_length=20_000,
        label=_("In your own words"),
        help_text=_("What both teams mean by it, for people to read."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    second_chance = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=50,
        max_digits=4,
        decimal_places=2,
        label=_("Second chance, in percent"),
        help_text=_("So many of the refused leads are worked all the same."),
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
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
