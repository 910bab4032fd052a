from django.urls import path

from sla.api import views

urlpatterns = [
    path("clocks/", views.Clocks.as_view(), name="clocks"),
    path("clocks/<int:pk>/", views.ClockDetail.as_view(), name="clock"),
]
