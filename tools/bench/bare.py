"""The least a lead API can be: one table, one serializer, no rules. The reference."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListCreateAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer

from tools.bench.models import BareLead


class BareLeadSerializer(serializers.ModelSerializer[BareLead]):
    class Meta:
        model = BareLead
        fields = [
            *("id", "email", "first_name", "last_name", "source"),
            *("country", "stage", "created_at"),
        ]


class Newest(CursorPagination):
    page_size = 50
    ordering = "-id"


class BareLeads(ListCreateAPIView[BareLead]):
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    throttle_classes = []
    serializer_class = BareLeadSerializer
    pagination_class = Newest
    schema = None

    def get_queryset(self) -> QuerySet[BareLead]:
        asked = {k: v for k, v in self.request.GET.items() if k in {"stage", "source"}}
        return BareLead._default_manager.filter(**asked)
