from django.urls import path

from kpis.api import views

urlpatterns = [
    path("kpis/", views.Kpis.as_view(), name="kpis"),
    path("kpis/<slug:key>/", views.KpiValues.as_view(), name="kpi"),
    path("kpis/<slug:key>/records/", views.KpiRecords.as_view(), name="kpi-records"),
]
