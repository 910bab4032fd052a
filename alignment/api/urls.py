"""The addresses under ``/api/v1/``. Each app adds its own list below."""

from django.urls import include, path

from alignment.api import views

app_name = "api"

urlpatterns = [
    path("schema/", views.SchemaDocument.as_view(), name="schema"),
    path("docs/", views.docs, name="docs"),
    path("", include("foundation.accounts.api.urls")),
    path("", include("leads.api.urls")),
    path("", include("deals.api.urls")),
    path("", include("kpis.api.urls")),
    path("", include("sla.api.urls")),
]
