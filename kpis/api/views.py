from typing import Any, override
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.accounts.queries import workspace
from foundation.kernel import clock
from kpis.api import parameters
from kpis.api.serializers import RecordOut, RegistryOut, SeriesOut
from kpis.domain.questions import Question, Series, Value
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Part
from kpis.queries import records, values


class Kpis(Endpoint):
    """Every KPI: its name, its formula in words, and how it can be asked for."""

    permission = Permission.NUMBERS_VIEW
    out = RegistryOut
    operation = "kpis_list"

    def get(self, request: Request) -> Response:
        page = {"next": None, "previous": None, "results": list(REGISTRY.values())}
        return self.answer(page)


class KpiValues(Endpoint):
    """One KPI over a period, with what it was made from."""

    permission = Permission.NUMBERS_VIEW
    out = SeriesOut
    parameters = {**parameters.QUESTION, **parameters.STEP}

    def get(self, request: Request, key: str) -> Response:
        settings = workspace.current()
        asked = parameters.question(key, self.asked, user=self.user, workspace=settings)
        with parameters.named():
            series = values.value(asked, at=clock.now())
        context = {
            "series": series,
            "currency": settings.base_currency,
            "records_url": lambda value: _records_url(request, asked, series, value),
        }
        return Response(SeriesOut(series, context=context).data)


class KpiRecords(ListEndpoint[Any]):
    """The records behind one value, as of the position it was told for."""

    permission = Permission.NUMBERS_VIEW
    out = RecordOut
    filters = {**parameters.QUESTION, **parameters.CELL}

    @override
    def rows(self) -> QuerySet[Any]:
        settings = workspace.current()
        asked = parameters.question(
            self.kwargs["key"], self.asked, user=self.user, workspace=settings
        )
        split = self.asked.get("split")
        _refuse_other_persons(asked, split)
        with parameters.named():
            return records.of(
                asked, split, self.asked.get("part", Part.ALL), at=clock.now()
            )


def _refuse_other_persons(asked: Question, split: str | None) -> None:
    if asked.by != Dimension.OWNER or asked.persons is None or not split:
        return
    if split not in {str(pk) for pk in asked.persons}:
        raise Http404


def _records_url(
    request: Request, asked: Question, series: Series, value: Value
) -> str:
    wanted = {
        "period": value.period.label,
        "kind": asked.kind,
        "within": asked.within,
        "by": None if value.split is None else asked.by,
        "split": value.split,
        "as_of": series.position or None,
    }
    given = {name: text for name, text in wanted.items() if text is not None}
    url = reverse("api:kpi-records", kwargs={"key": asked.key}, request=request)
    return f"{url}?{urlencode(given)}"
