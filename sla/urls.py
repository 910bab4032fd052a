from django.urls import include, path

from sla.views import (
    agreement,
    agreements,
    clocks,
    drafting,
    lead_clocks,
    previews,
    queue,
    regions,
)

app_name = "sla"

_versions = [
    path("", agreements.agreement_list, name="agreement-list"),
]

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("agreement/", agreement.agreement, name="agreement"),
    path(
        "agreement/versions/new/", agreements.agreement_create, name="agreement-create"
    ),
    path(
        "agreement/versions/<int:pk>/",
        agreements.agreement_detail,
        name="agreement-detail",
    ),
    path(
        "agreement/versions/<int:pk>/edit/",
        drafting.agreement_edit,
        name="agreement-edit",
    ),
    path(
        "agreement/versions/<int:pk>/next/",
        agreements.agreement_next,
        name="agreement-next",
    ),
    path(
        "agreement/versions/<int:pk>/propose/",
        agreements.agreement_propose,
        name="agreement-propose",
    ),
    path(
        "agreement/versions/<int:pk>/sign/",
        agreements.agreement_sign,
        name="agreement-sign",
    ),
    path(
        "agreement/versions/<int:pk>/reject/",
        agreements.agreement_reject,
        name="agreement-reject",
    ),
    path(
        "agreement/versions/<int:pk>/withdraw/",
        agreements.agreement_withdraw,
        name="agreement-withdraw",
    ),
    path(
        "agreement/versions/<int:pk>/comments/",
        agreements.agreement_comments,
        name="agreement-comments-region",
    ),
    path(
        "agreement/versions/<int:pk>/compare/<int:other>/",
        agreements.agreement_compare,
        name="agreement-compare",
    ),
    path(
        "agreement/versions/<int:pk>/preview/",
        previews.preview_region,
        name="preview-region",
    ),
    path(
        "agreement/versions/<int:pk>/preview/new/",
        previews.preview_ask,
        name="preview-ask",
    ),
    path(
        "agreement/previews/<int:pk>/cancel/",
        previews.preview_cancel,
        name="preview-cancel",
    ),
    path(
        "agreement/previews/<int:pk>/clocks/",
        previews.preview_clocks,
        name="preview-clocks",
    ),
    path("agreement/versions/", include(_versions)),
    path("agreement/promises/", regions.promises, name="promises-region"),
    path("agreement/next/", regions.upcoming, name="next-region"),
    path("agreement/clocks/", clocks.clock_list, name="clock-list"),
    path(
        "agreement/leads/<int:pk>/clocks/", lead_clocks.lead_clocks, name="lead-clocks"
    ),
    path("agreement/leads/<int:pk>/pause/", lead_clocks.lead_pause, name="lead-pause"),
    path(
        "agreement/leads/<int:pk>/resume/", lead_clocks.lead_resume, name="lead-resume"
    ),
]
