"""Definitions tried out on the past, over the API."""

from typing import Any, override

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.api.endpoints import Endpoint, ListEndpoint
from foundation.accounts.enums import Permission
from foundation.documents.models import Version
from foundation.kernel import clock
from foundation.kernel.api import filters
from foundation.kernel.api.filters import Filter
from foundation.kernel.periods import DAY
from kpis.api.dry_run_serializers import (
    DryRunBody,
    DryRunCancellationBody,
    DryRunDetailOut,
    DryRunLeadOut,
    DryRunOut,
)
from kpis.queries import dry_runs as queries
from kpis.queries.reading import reading
from leads.actions import dry_runs
from leads.enums import Outcome
from leads.models import DryRun, Lead
from leads.queries import dry_runs as runs
from leads.queries.definitions import STAGES


class DryRuns(ListEndpoint[DryRun]):
    """All dry runs, the newest first."""

    permission = Permission.DEFINITIONS_VIEW
    out = DryRunOut
    filters = {"definition": filters.number("version_id")}

    @override
    def rows(self) -> QuerySet[DryRun]:
        return runs.listed()


class DefinitionDryRuns(ListEndpoint[DryRun]):
    """The dry runs of a version; POST asks for one and answers with its address."""

    permission = Permission.DEFINITIONS_VIEW
    write_permission = Permission.DEFINITIONS_EDIT
    out = DryRunOut
    body = DryRunBody
    status = {"POST": 202}

    @override
    def rows(self) -> QuerySet[DryRun]:
        return runs.of_version(self._version())

    def post(self, request: Request, pk: int) -> Response:
        version, sent = self._version(), self.sent()
        run = dry_runs.ask(
            version,
            sent["first_on"],
            sent["last_on"] + DAY,
            by=self.user,
            at=clock.now(),
        )
        answer = self.answer(run)
        answer["Location"] = answer.data["url"]
        return answer

    def _version(self) -> Version:
        return get_object_or_404(Version, pk=self.kwargs["pk"], kind__in=STAGES)


class DryRunDetail(Endpoint):
    """A dry run: how far it is, and once it has ended its groups."""

    permission = Permission.DEFINITIONS_VIEW
    out = DryRunDetailOut

    def get(self, request: Request, pk: int) -> Response:
        run = get_object_or_404(runs.listed(), pk=pk)
        with reading(at=clock.now()) as seen:
            groups = queries.told(run, seen) if run.results else []
        context = {"request": request, "groups": groups}
        return Response(DryRunDetailOut(run, context=context).data)


class DryRunCancellation(Endpoint):
    """POST stops a run that goes on; nothing of it stays but that it was asked for.

    Stopping it again changes nothing; one that has ended answers 409.
    """

    permission = Permission.DEFINITIONS_VIEW
    write_permission = Permission.DEFINITIONS_EDIT
    out = DryRunOut
    body = DryRunCancellationBody
    status = {"POST": 200}

    def post(self, request: Request, pk: int) -> Response:
        run = get_object_or_404(DryRun, pk=pk)
        self.sent()
        dry_runs.cancel(run, by=self.user, at=clock.now())
        return self.answer(runs.listed().get(pk=pk))


class DryRunLeads(ListEndpoint[Lead]):
    """The leads behind a figure of a dry run, as ids."""

    permission = Permission.DEFINITIONS_VIEW
    out = DryRunLeadOut
    filters = {
        "group": Filter(
            "", serializers.ChoiceField(Outcome.choices), "Which group; required."
        ),
        "part": Filter(
            "",
            serializers.ChoiceField(list(queries.PARTS)),
            "How far they came; else all of them.",
        ),
        "source": Filter(
            "",
            serializers.CharField(allow_blank=True, max_length=80),
            "Of one source; the blank one where empty.",
        ),
    }

    @override
    def rows(self) -> QuerySet[Any]:
        run = get_object_or_404(runs.listed(), pk=self.kwargs["pk"])
        if not run.results or "group" not in self.asked:
            raise Http404
        with reading(at=clock.now()) as seen:
            return queries.leads_of(
                run,
                seen,
                self.asked["group"],
                part=self.asked.get("part", "all"),
                source=self.asked.get("source"),
            )
