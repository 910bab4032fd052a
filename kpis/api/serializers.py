from decimal import Decimal
from typing import Any, override

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpis.domain.questions import Series, Value
from kpis.domain.registry import Kpi
from kpis.domain.writing import written
from kpis.enums import Dimension, Direction, Kind, Section, Unit

_NUMBER = {
    "type": ["integer", "string", "null"],
    "description": "A count, or an amount as a decimal string.",
}
_TYPES = {
    "leads.lead": "lead",
    "leads.stagechange": "stage_change",
    "deals.deal": "deal",
    "deals.revenueentry": "revenue",
    "campaigns.spendentry": "spend",
    "sla.clock": "clock",
}


class KpiOut(serializers.Serializer[Kpi]):
    """One KPI of the registry."""

    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(Unit.choices)
    direction = serializers.ChoiceField(Direction.choices)
    formula = serializers.CharField()
    inputs = serializers.ListField(child=serializers.CharField())
    owner = serializers.CharField()
    section = serializers.ChoiceField(Section.choices)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices), source="method.kinds"
    )
    by = serializers.ListField(
        child=serializers.ChoiceField(Dimension.choices), source="method.dimensions"
    )


class RegistryOut(serializers.Serializer[Any]):
    """All KPIs, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = KpiOut(many=True)


class Written(serializers.Field[Decimal, Any, str | None, Any]):
    """A number in the unit of its series, as a decimal string."""

    @override
    def to_representation(self, value: Decimal) -> str | None:
        return written(value, self.context["series"].unit)


class Number(serializers.Field[Decimal | int, Any, int | str, Any]):
    """A count as a number; an amount as a decimal string."""

    @override
    def to_representation(self, value: Decimal | int) -> int | str:
        return value if isinstance(value, int) else f"{value:f}"


_TEXT = extend_schema_field({"type": ["string", "null"], "format": "decimal"})(Written)
_COUNT = extend_schema_field(_NUMBER)(Number)


class ValueOut(serializers.Serializer[Value]):
    """One number with its company."""

    split = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    period = serializers.CharField(source="period.label")
    n = serializers.IntegerField(source="measure.n")
    numerator = _COUNT(source="measure.numerator")
    denominator = _COUNT(source="measure.denominator")
    value = _TEXT(source="measure.value")
    low = _TEXT(source="measure.low")
    high = _TEXT(source="measure.high")
    percentiles = serializers.DictField(child=_TEXT(), source="measure.percentiles")
    apart = serializers.DictField(child=_COUNT(), source="measure.apart")
    mature = serializers.BooleanField(source="measure.mature")
    small_sample = serializers.BooleanField()
    missing = serializers.IntegerField(source="measure.missing")
    problem = serializers.CharField(source="measure.problem")
    records_url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_records_url(self, value: Value) -> str:
        return str(self.context["records_url"](value))


class SeriesOut(serializers.Serializer[Series]):
    """A KPI over a period: the total first, then the splits."""

    key = serializers.CharField()
    unit = serializers.ChoiceField(Unit.choices)
    currency = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(Kind.choices, allow_null=True)
    within = serializers.IntegerField(allow_null=True)
    by = serializers.ChoiceField(Dimension.choices, allow_null=True)
    as_of = serializers.DateTimeField()
    position = serializers.IntegerField()
    values = ValueOut(many=True)

    @extend_schema_field({"type": ["string", "null"], "description": "ISO 4217."})
    def get_currency(self, series: Series) -> str | None:
        return self.context["currency"] if series.unit == Unit.MONEY else None


class RecordOut(serializers.Serializer[Any]):
    """One record behind a number: its kind, in the singular, and its id there."""

    id = serializers.IntegerField(source="pk")
    type = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": [*_TYPES.values()]})
    def get_type(self, row: Model) -> str:
        return _TYPES[row._meta.label_lower]
