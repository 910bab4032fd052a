"""Jobs, and how the queue is doing."""

from collections.abc import Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.enums import Permission
from foundation.accounts.models import User
from foundation.accounts.panel import Act, Choice, ReadOnlyPage, Typed
from foundation.accounts.panel.acts import Text
from foundation.jobs.actions import jobs as actions
from foundation.jobs.enums import JobState, Lane
from foundation.jobs.models import Job
from foundation.jobs.queries import jobs as queries
from foundation.kernel import clock

_OPEN = {JobState.READY, JobState.RUNNING}


def replay(by: User, job: Job, sent: Mapping[str, Any]) -> None:
    actions.replay(job, at=clock.now())


def cancel(by: User, job: Job, sent: Mapping[str, Any]) -> None:
    actions.cancel(job)


class ByState(Choice):
    title = _("State")
    parameter_name = "state"
    lookup = "state"

    @override
    def options(self) -> list[tuple[str, Text]]:
        return [(state.value, state.label) for state in JobState]


class ByLane(Choice):
    title = _("Lane")
    parameter_name = "lane"
    lookup = "lane"

    @override
    def options(self) -> list[tuple[str, Text]]:
        return [(lane.value, lane.label) for lane in Lane]


class ByKind(Typed):
    title = _("Kind begins with")
    parameter_name = "kind"
    lookup = "kind__startswith"


@admin.register(Job)
class JobPage(ReadOnlyPage[Job]):
    heading = _("Work")
    about = _("What workers do, have to do and gave up on.")
    labels = {
        "kind": _("Kind"),
        "lane": _("Lane"),
        "state": _("State"),
        "due_at": _("Due"),
        "attempt": _("Tries"),
        "progress": _("Progress"),
        "started_at": _("Begun"),
        "finished_at": _("Ended"),
        "created_at": _("Made"),
        "asked_by": _("Asked by"),
        "payload": _("About"),
        "result": _("Result"),
        "error": _("Last error"),
    }
    list_display = ("kind", "state", "lane", "due_at", "attempt", "finished_at")
    list_filter = (ByState, ByLane, ByKind)
    ordering = ("-pk",)
    detail = (
        *("kind", "state", "lane", "payload", "asked_by", "created_at", "due_at"),
        *("started_at", "finished_at", "attempt", "progress", "result", "error"),
    )
    list_template = "admin/jobs.html"
    acts = (
        Act[Job](
            "replay",
            _("Try again"),
            Permission.SETTINGS_EDIT,
            replay,
            text=_("It gets a new set of tries, from now on."),
            when=lambda job: job.state == JobState.DEAD,
        ),
        Act[Job](
            "cancel",
            _("Stop it"),
            Permission.SETTINGS_EDIT,
            cancel,
            text=_("What it has done stays; the rest is not done."),
            when=lambda job: job.state in _OPEN,
            grave=True,
        ),
    )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).select_related("asked_by")

    @override
    def name_of(self, record: Job) -> str:
        return record.kind

    @admin.display(description=_("Progress"))
    def progress(self, job: Job) -> str:
        return f"{job.done_steps} / {job.all_steps}" if job.all_steps else ""

    @override
    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().list_context(request) | {
            "health": queries.health(),
            "states": JobState.choices,
        }
