"""Fields that write values the way the whole API does."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, override

from django.core.validators import RegexValidator
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from foundation.kernel.money import cents

_CODE = RegexValidator(r"\A[A-Z]{3}\Z", _("Write a currency as three capitals: EUR."))


class Money(serializers.Serializer[Any]):
    """``{"amount": "12000.00", "currency": "EUR"}``, kept in two columns.

    Args:
        amount: attribute that holds the amount, a decimal or None.
        currency: attribute that holds the currency's ISO 4217 code.

    In a body the pair goes to those two keys of the validated data. It is always a
    field of another serializer; None where the record has no amount.
    """

    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.CharField(max_length=3, validators=[_CODE])

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 -- handed on
        amount: str = "",
        currency: str = "",
        **options: Any,  # noqa: ANN401 -- handed on
    ) -> None:
        self._columns = (amount or "amount", currency or "currency")
        options.setdefault("source", "*")
        super().__init__(*args, **options)

    @override
    def to_representation(self, instance: Any) -> dict[str, Any] | None:  # type: ignore[override]
        amount, currency = (_read(instance, name) for name in self._columns)
        if amount is None:
            return None
        return {"amount": f"{cents(Decimal(amount))}", "currency": currency}

    @override
    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None and self.allow_null:
            return dict.fromkeys(self._columns)
        return super().run_validation(data)

    @override
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        refuse_unknown(self, data)
        value = super().to_internal_value(data)
        return dict(
            zip(self._columns, (value["amount"], value["currency"]), strict=True)
        )


def _read(instance: Any, name: str) -> Any:  # noqa: ANN401 -- a column of any type
    if isinstance(instance, Mapping):
        return instance.get(name)
    return getattr(instance, name)


class Moment(serializers.DateTimeField):
    """ISO 8601 with its offset. A time without one is refused, not guessed."""

    @override
    def to_internal_value(self, value: Any) -> datetime:
        moment = _parse(value)
        if moment is None:
            self.fail("invalid", format="2026-01-31T12:00:00+02:00")
        if moment.tzinfo is None:
            raise serializers.ValidationError(
                _("Write the offset too: 2026-01-31T12:00:00+02:00."), code="no_offset"
            )
        return moment


def _parse(value: object) -> datetime | None:
    try:
        return parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None


_UNKNOWN = _("There is no such field.")


def refuse_unknown(serializer: serializers.Serializer[Any], data: object) -> None:
    """Refuse names that the serializer does not read, so that no typo gets lost.

    Raises:
        ValidationError: with code ``unknown_field`` on each of them.
    """
    if not isinstance(data, Mapping):
        return
    known = {name for name, f in serializer.fields.items() if not f.read_only}
    unknown = {str(name) for name in data} - known
    if unknown:
        error = serializers.ErrorDetail(str(_UNKNOWN), "unknown_field")
        raise serializers.ValidationError({name: [error] for name in sorted(unknown)})
