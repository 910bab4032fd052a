from typing import TYPE_CHECKING, override

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """What an endpoint without a permission of its own gets."""

    @override
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
