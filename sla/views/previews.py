"""An agreement tried out on the past: asking for it, watching it, what it found."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.enums import Permission
from foundation.accounts.guards import UserRequest, passive, requires
from foundation.accounts.rules import has_permission
from foundation.jobs.enums import JobState
from foundation.kernel import clock
from foundation.kernel.htmx import page
from foundation.kernel.periods import DAY
from sla.actions import previews
from sla.enums import LEAD_CLOCKS
from sla.models import Clock, Preview, PreviewClock
from sla.views import documents
from sla.views.agreements import version_of
from sla.views.wording import percent

PAGE_SIZE = 50
_MET, _BREACHED = "met", "breached"
_NONE = "\N{EN DASH}"


@passive
@requires(Permission.AGREEMENT_VIEW)
@require_GET
def preview_region(request: UserRequest, pk: int) -> HttpResponse:
    """Show the newest preview of a version: how far it is, or what it found."""
    version = version_of(pk)
    rows = Preview.objects.filter(version=version).select_related("job")
    preview = rows.order_by("-pk").first()
    going_on = preview is not None and preview.going_on
    done = preview is not None and preview.state == JobState.DONE
    context = {
        "version": version,
        "preview": preview,
        "last_on": preview.end_on - DAY if preview else None,
        "going_on": going_on,
        "changed": done
        and preview is not None
        and preview.revision != version.revision
        and not version.digest,
        "rows": _rows(preview) if done and preview else [],
        "job": _job(request, preview) if going_on and preview else None,
        "may_ask": has_permission(request.user, Permission.AGREEMENT_EDIT),
    }
    return page(request, "sla/preview.html", context)


def _job(request: UserRequest, preview: Preview) -> dict[str, Any]:
    job = preview.job
    may_cancel = has_permission(request.user, Permission.AGREEMENT_EDIT)
    return {
        "id": preview.pk,
        "title": _("Cases are being judged"),
        "done": job.done_steps if job else 0,
        "total": job.all_steps if job else 0,
        "state_label": _("waiting for its turn")
        if preview.state == JobState.READY
        else "",
        "cancel_url": reverse("sla:preview-cancel", args=[preview.pk])
        if may_cancel
        else "",
    }


def _rows(preview: Preview) -> list[dict[str, Any]]:
    """Return the clauses as they are read, each with what was and what would be."""
    counts: Counter[tuple[int, str, str]] = Counter(
        {(place, was, would): n for place, was, would, n in preview.results["counts"]}
    )
    return [
        {
            "sentence": documents.said(clause),
            "narrowing": documents.narrowing(clause),
            "cells": _cells(preview, place, counts)
            if clause["kind"] in LEAD_CLOCKS
            else [],
        }
        for place, clause in documents.in_order(preview.form["clauses"])
    ]


def _cells(
    preview: Preview, place: int, counts: Mapping[tuple[int, str, str], int]
) -> list[dict[str, Any]]:
    def of(**wanted: str) -> int:
        return sum(
            n
            for (at, was, would), n in counts.items()
            if at == place
            and wanted.get("was", was) == was
            and wanted.get("would", would) == would
        )

    def share(side: str, label: str) -> dict[str, Any]:
        met, breached = of(**{side: _MET}), of(**{side: _BREACHED})
        n = met + breached
        text = percent(Decimal(met) / n) if n else _NONE
        url = _url(preview, place, side=side) if n else ""
        return {"label": label, "text": text, "n": n, "url": url}

    def moved(was: str, would: str, label: str) -> dict[str, Any]:
        n = of(was=was, would=would)
        url = _url(preview, place, was=was, would=would) if n else ""
        return {"label": label, "text": n, "n": None, "url": url}

    return [
        share("was", _("Was in time")),
        share("would", _("Would have been")),
        moved(_BREACHED, _MET, _("Newly in time")),
        moved(_MET, _BREACHED, _("No longer in time")),
    ]


def _url(preview: Preview, place: int, **asked: str) -> str:
    address = reverse("sla:preview-clocks", args=[preview.pk])
    return f"{address}?{urlencode({'place': str(place), **asked})}"


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def preview_ask(request: UserRequest, pk: int) -> HttpResponse:
    """Begin a preview of a version and go where it can be watched."""
    previews.ask(version_of(pk), by=request.user, at=clock.now())
    return redirect("sla:agreement-detail", pk=pk)


@requires(Permission.AGREEMENT_EDIT)
@require_POST
def preview_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Stop a preview."""
    preview = get_object_or_404(Preview, pk=pk)
    previews.cancel(preview, by=request.user, at=clock.now())
    return redirect("sla:agreement-detail", pk=preview.version_id)


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def preview_clocks(request: UserRequest, pk: int) -> HttpResponse:
    """Show the clocks behind a number of a preview."""
    preview = get_object_or_404(Preview, pk=pk)
    asked = request.GET
    found = PreviewClock.objects.filter(
        preview=preview, preview__finished_at__isnull=False
    )
    place = asked.get("place", "")
    if place.isdecimal():
        found = found.filter(place=int(place[:4]))
    for side in ("was", "would"):
        if side in asked:
            found = found.filter(**{side: asked[side]})
    if asked.get("side") in {"was", "would"}:
        found = found.exclude(**{asked["side"]: ""})
    clocks = Clock.objects.filter(pk__in=found.values("clock_id"))
    rows = clocks.select_related("lead__company", "owner", "clause")
    shown = Paginator(rows.order_by("-started_at", "-pk"), PAGE_SIZE)
    clauses = preview.form["clauses"]
    known = place.isdecimal() and int(place[:4]) < len(clauses)
    context = {
        "page": shown.get_page(asked.get("page")),
        "preview": preview,
        "sentence": documents.said(clauses[int(place[:4])]) if known else "",
    }
    return page(request, "sla/preview_clocks.html", context)
