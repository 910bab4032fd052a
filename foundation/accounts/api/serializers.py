from typing import Any

from rest_framework import serializers

from foundation.accounts.enums import Function, Permission, Role
from foundation.kernel.api.fields import Moment


class TokenOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = Moment()


class MeOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    role = serializers.ChoiceField(Role.choices)
    function = serializers.ChoiceField(Function.choices, allow_null=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()
    permissions = serializers.ListField(
        child=serializers.ChoiceField(Permission.choices),
        help_text="What this caller may do now, the token's scopes considered.",
    )
    token = TokenOut(allow_null=True)
