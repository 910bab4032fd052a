from django.urls import path

from integrations.views import drafts, imports, kinds, outcomes, undoing

app_name = "integrations"

urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/rows/", imports.rows_region, name="import-rows-region"),
    path("imports/upload/", imports.import_upload, name="import-upload"),
    path("imports/kinds/<slug:kind>/", kinds.kind_detail, name="kind-detail"),
    path("imports/kinds/<slug:kind>/sample/", kinds.kind_sample, name="kind-sample"),
    path("imports/<int:pk>/", outcomes.import_detail, name="import-detail"),
    path("imports/<int:pk>/preview/", drafts.import_preview, name="import-preview"),
    path("imports/<int:pk>/check/", drafts.import_check, name="import-check"),
    path("imports/<int:pk>/check/cancel/", drafts.check_cancel, name="check-cancel"),
    path("imports/<int:pk>/start/", drafts.import_start, name="import-start"),
    path("imports/<int:pk>/discard/", drafts.import_discard, name="import-discard"),
    path(
        "imports/<int:pk>/progress/",
        outcomes.progress_region,
        name="import-progress-region",
    ),
    path("imports/<int:pk>/cancel/", outcomes.import_cancel, name="import-cancel"),
    path("imports/<int:pk>/rejects/", outcomes.import_rejects, name="import-rejects"),
    path("imports/<int:pk>/undo/", undoing.import_undo, name="import-undo"),
    path("imports/<int:pk>/undo/told/", undoing.undoing_region, name="undoing-region"),
]
