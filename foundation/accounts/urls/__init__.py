"""A person's own pages, under ``/account/``."""

from django.urls import path

from foundation.accounts.views import invitation, profile, tokens

app_name = "accounts"

urlpatterns = [
    path("", profile.show, name="profile"),
    path("sessions/<slug:mark>/end/", profile.session_end, name="session-end"),
    path("tokens/", tokens.token_list, name="token-list"),
    path("tokens/new/", tokens.token_new, name="token-new"),
    path("tokens/<int:pk>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("invitation/", invitation.join, name="join"),
    path("invitation/<str:link>/", invitation.follow, name="follow"),
]
