"""What the address may ask of the numbers."""

from decimal import Decimal
from typing import Any, override

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.kernel.periods import BadPeriod, Period, Step, parse
from kpis.domain.lead_goals import Plan
from kpis.domain.registry import REGISTRY
from kpis.enums import PARTS, Dimension, Kind
from kpis.queries.asks import LONGEST_WINDOW
from kpis.queries.dry_runs import PARTS as PARTS_OF_GROUP
from kpis.queries.second_chances import GROUPS as SAMPLE_GROUPS
from kpis.queries.second_chances import PARTS as PARTS_OF_SAMPLE
from leads.enums import Outcome
from leads.queries.blind_reviews import WEEKS

FORMS = "2018-01-05, 2018-W05, 2018-01, 2018-Q1, 2018, 2018-01-15/2018-03-31, all"
_FARTHEST = 2**63 - 1
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodField(forms.CharField):
    """A period as it is written in addresses."""

    def __init__(self, *, fiscal_start: int = 1, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(max_length=40, **kwargs)
        self.fiscal_start = fiscal_start

    @override
    def clean(self, value: Any) -> Period | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse(text, fiscal_start=self.fiscal_start)
        except BadPeriod as error:
            told = _now("“%(text)s” is not a period. Write one of: %(forms)s.")
            raise forms.ValidationError(
                told % {"text": text, "forms": FORMS}
            ) from error


class AskForm(forms.Form):
    """A question in an address. Whatever is wrong is refused, never guessed."""

    key = forms.ChoiceField(required=False, label=_("Number"))
    period = PeriodField(required=False, label=_("Period"))
    first = forms.DateField(
        required=False,
        label=_("From"),
        widget=DATE,
        input_formats=["%Y-%m-%d"],
    )
    last = forms.DateField(
        required=False,
        label=_("To"),
        widget=DATE,
        input_formats=["%Y-%m-%d"],
    )
    by = forms.ChoiceField(required=False, label=_("Split by"))
    kind = forms.ChoiceField(required=False, label=_("Conversion"))
    within = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST_WINDOW, label=_("Within days")
    )
    step = forms.ChoiceField(required=False, label=_("Step"))
    split = forms.CharField(required=False, max_length=80, strip=False)
    part = forms.ChoiceField(required=False)
    as_of = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)
    before = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)
    after = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)

    def __init__(self, *args: Any, fiscal_start: int = 1, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["period"].fiscal_start = fiscal_start  # type: ignore[attr-defined]
        choices: dict[str, list[Any]] = {
            "key": [(key, kpi.name) for key, kpi in REGISTRY.items()],
            "by": Dimension.choices,
            "kind": Kind.choices,
            "step": [(step.value, step.value) for step in Step],
            "part": [(part, part) for part in PARTS],
        }
        for name, known in choices.items():
            self.fields[name].choices = [("", ""), *known]  # type: ignore[attr-defined]

    @override
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if period := self._range(data):
            data["period"] = period
        return data

    def _range(self, data: dict[str, Any]) -> Period | None:
        """Return the two days' range, which goes before a named period."""
        first, last = data.get("first"), data.get("last")
        if first is None or last is None:
            return None
        if last < first:
            raise forms.ValidationError(_now("The last day is before the first."))
        return parse(f"{first}/{last}")

    @property
    def sentence(self) -> str:
        """Say what is wrong, and with which parameter."""
        name, errors = next(iter(self.errors.items()))
        said = str(errors[0])
        return said if name == "__all__" else f"{name}: {said}"


class DryRunForm(forms.Form):
    """The window of a dry run, both days included."""

    first_on = forms.DateField(label=_("From"), widget=DATE, input_formats=["%Y-%m-%d"])
    last_on = forms.DateField(label=_("To"), widget=DATE, input_formats=["%Y-%m-%d"])


class DryRunLeadsForm(forms.Form):
    """Which leads of a dry run are meant."""

    group = forms.ChoiceField(choices=Outcome.choices)
    part = forms.ChoiceField(required=False, choices=[(p, p) for p in PARTS_OF_GROUP])
    source = forms.CharField(required=False, max_length=80, strip=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)
    after = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)


class SampleReviewsForm(forms.Form):
    """Which drawn leads are meant: of how many weeks, and all or those judged alike."""

    weeks = forms.IntegerField(min_value=1, max_value=WEEKS)
    only = forms.ChoiceField(required=False, choices=[("alike", "alike")])
    before = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)
    after = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)


class SampleChancesForm(forms.Form):
    """Which cases of the second chance are meant."""

    group = forms.ChoiceField(choices=[(g, g) for g in SAMPLE_GROUPS])
    part = forms.ChoiceField(required=False, choices=[(p, p) for p in PARTS_OF_SAMPLE])
    before = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)
    after = forms.IntegerField(required=False, min_value=1, max_value=_FARTHEST)


class LeadGoalForm(forms.Form):
    """A revenue goal, and the rates by which it is worked back; percent as typed."""

    revenue = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        label=_("Revenue goal"),
    )
    period = forms.ChoiceField(
        choices=[
            ("month", _("Month")),
            ("quarter", _("Quarter")),
            ("year", _("Year")),
        ],
        label=_("Period"),
    )
    share = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        label=_("Marketing's share, in percent"),
    )
    average = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        label=_("Average won deal"),
    )
    to_customer = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        label=_("Opportunity to customer, in percent"),
    )
    to_opportunity = forms.DecimalField(
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        label=_("Qualified lead to opportunity, in percent"),
    )

    @property
    def plan(self) -> Plan:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Plan(
            said["revenue"],
            said["share"] / 100,
            said["average"],
            said["to_customer"] / 100,
            said["to_opportunity"] / 100,
        )
