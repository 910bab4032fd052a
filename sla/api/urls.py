from django.urls import path

from sla.api import agreements, views

urlpatterns = [
    path("agreements/", agreements.Agreements.as_view(), name="agreements"),
    path(
        "agreements/<int:pk>/",
        agreements.AgreementDetail.as_view(),
        name="agreement",
    ),
    path(
        "agreements/<int:pk>/proposal/",
        agreements.AgreementProposal.as_view(),
        name="agreement-proposal",
    ),
    path(
        "agreements/<int:pk>/signature/",
        agreements.AgreementSignature.as_view(),
        name="agreement-signature",
    ),
    path(
        "agreements/<int:pk>/rejection/",
        agreements.AgreementRejection.as_view(),
        name="agreement-rejection",
    ),
    path(
        "agreements/<int:pk>/withdrawal/",
        agreements.AgreementWithdrawal.as_view(),
        name="agreement-withdrawal",
    ),
    path("clauses/", agreements.Clauses.as_view(), name="clauses"),
    path("clocks/", views.Clocks.as_view(), name="clocks"),
    path("clocks/<int:pk>/", views.ClockDetail.as_view(), name="clock"),
]
