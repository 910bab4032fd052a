from django.urls import path

from deals.api import views

urlpatterns = [
    path("deals/", views.Deals.as_view(), name="deals"),
    path("deals/<int:pk>/", views.DealDetail.as_view(), name="deal"),
]
