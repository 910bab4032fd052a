from django.urls import path

from foundation.accounts.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
]
