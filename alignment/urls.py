from django.contrib import admin
from django.urls import include, path

from alignment.views import health, live, today

urlpatterns = [
    path("", today.today, name="today"),
    path("", include("foundation.documents.urls")),
    path("", include("integrations.urls")),
    path("", include("foundation.notifications.urls")),
    path("", include("kpis.urls")),
    path("", include("leads.urls")),
    path("", include("meetings.urls")),
    path("", include("sla.urls")),
    path("health/", health.health, name="health"),
    path("health/ready/", health.ready, name="ready"),
    path("live/", live.live, name="live"),
    path("api/v1/", include("alignment.api.urls")),
    path("account/", include("foundation.accounts.urls.sign_in")),
    path("account/", include("foundation.accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "alignment.views.errors.malformed"
handler403 = "alignment.views.errors.closed"
handler404 = "alignment.views.errors.missing"
handler500 = "alignment.views.errors.failed"
