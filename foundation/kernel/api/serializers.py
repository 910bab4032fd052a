from typing import Any, override

from rest_framework import serializers

from foundation.kernel.api.fields import refuse_unknown


class Body(serializers.Serializer[Any]):
    """What a write may send. A field that is not declared here is an error."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(self, data)
        return super().to_internal_value(data)
