from django.urls import include, path

from tools.bench.bare import BareLeads

urlpatterns = [
    path("bare/", BareLeads.as_view()),
    path("", include("alignment.urls")),
]
