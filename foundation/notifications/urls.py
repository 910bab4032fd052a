from django.urls import path

from foundation.notifications.views import inbox, preferences

app_name = "notifications"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bell/", inbox.bell, name="bell-region"),
    path("inbox/read/", inbox.read_all, name="read-all"),
    path("inbox/<int:pk>/", inbox.follow, name="follow"),
    path("inbox/<int:pk>/read/", inbox.read, name="read"),
    path("account/notices/", preferences.preferences, name="preferences"),
]
