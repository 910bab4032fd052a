from django.urls import path

from sla.views import agreement, clocks, lead_clocks, queue, regions

app_name = "sla"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("agreement/", agreement.agreement, name="agreement"),
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
