from django.urls import path

from kpis.views import (
    detail,
    dry_run_leads,
    dry_runs,
    lead_goals,
    numbers,
    records,
    sample_records,
    samples,
    today,
)

app_name = "kpis"

urlpatterns = [
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/all/", numbers.registry_region, name="registry-region"),
    path("numbers/today/", today.today_region, name="today-region"),
    path("numbers/records/", records.record_list, name="record-list"),
    path("numbers/samples/", samples.samples_region, name="samples-region"),
    path("numbers/samples/reviews/", sample_records.reviews, name="sample-reviews"),
    path("numbers/samples/chances/", sample_records.chances, name="sample-chances"),
    path("numbers/dry-runs/of/<int:pk>/", dry_runs.dry_runs_of, name="dry-runs-of"),
    path("numbers/dry-runs/of/<int:pk>/new/", dry_runs.ask, name="dry-run-ask"),
    path("numbers/dry-runs/<int:pk>/", dry_runs.dry_run, name="dry-run"),
    path(
        "numbers/dry-runs/<int:pk>/progress/",
        dry_runs.progress_region,
        name="dry-run-progress-region",
    ),
    path("numbers/dry-runs/<int:pk>/cancel/", dry_runs.cancel, name="dry-run-cancel"),
    path(
        "numbers/dry-runs/<int:pk>/leads/",
        dry_run_leads.lead_list,
        name="dry-run-leads",
    ),
    path("numbers/lead-goal/", lead_goals.lead_goal, name="lead-goal"),
    path(
        "numbers/lead-goal/agree/",
        lead_goals.lead_goal_agree,
        name="lead-goal-agree",
    ),
    path("numbers/<slug:key>/", detail.kpi_detail, name="kpi-detail"),
]
