from django.urls import path

from kpis.api import dry_runs, views

urlpatterns = [
    path("kpis/", views.Kpis.as_view(), name="kpis"),
    path("kpis/<slug:key>/", views.KpiValues.as_view(), name="kpi"),
    path("kpis/<slug:key>/records/", views.KpiRecords.as_view(), name="kpi-records"),
    path(
        "definitions/<int:pk>/dry-runs/",
        dry_runs.DefinitionDryRuns.as_view(),
        name="definition-dry-runs",
    ),
    path("dry-runs/", dry_runs.DryRuns.as_view(), name="dry-runs"),
    path("dry-runs/<int:pk>/", dry_runs.DryRunDetail.as_view(), name="dry-run"),
    path(
        "dry-runs/<int:pk>/cancellation/",
        dry_runs.DryRunCancellation.as_view(),
        name="dry-run-cancellation",
    ),
    path(
        "dry-runs/<int:pk>/leads/",
        dry_runs.DryRunLeads.as_view(),
        name="dry-run-leads",
    ),
]
