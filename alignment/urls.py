from django.contrib import admin
from django.urls import include, path

from alignment.views import health

urlpatterns = [
    path("", include("leads.urls")),
    path("health/", health.health, name="health"),
    path("api/v1/", include("alignment.api.urls")),
    path("account/", include("foundation.accounts.urls.sign_in")),
    path("account/", include("foundation.accounts.urls")),
    path("admin/", admin.site.urls),
]
