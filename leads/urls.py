from django.urls import path

from leads.views import (
    building,
    comments,
    comparing,
    decisions,
    definitions,
    drafts,
    explanations,
    leads,
    proposals,
    reasons,
    reviews,
    signatures,
)

app_name = "leads"

urlpatterns = [
    path("leads/", leads.lead_list, name="lead-list"),
    path("leads/new/", leads.lead_create, name="lead-create"),
    path("leads/bulk/", decisions.lead_bulk, name="lead-bulk"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead-detail"),
    path(
        "leads/<int:pk>/criteria/",
        explanations.lead_criteria,
        name="lead-criteria-region",
    ),
    path("leads/<int:pk>/accept/", decisions.lead_accept, name="lead-accept"),
    path("leads/<int:pk>/refuse/", decisions.lead_refuse, name="lead-refuse"),
    path("leads/<int:pk>/qualify/", decisions.lead_qualify, name="lead-qualify"),
    path("leads/<int:pk>/touch/", decisions.lead_touch, name="lead-touch"),
    path("leads/<int:pk>/note/", decisions.lead_note, name="lead-note"),
    path("leads/<int:pk>/assign/", decisions.lead_assign, name="lead-assign"),
    path("definitions/review/", reviews.review, name="review"),
    path("definitions/review/propose/", reviews.review_propose, name="review-propose"),
    path("definitions/review/<int:pk>/", reviews.review_judge, name="review-judge"),
    path("definitions/", definitions.definition_list, name="definition-list"),
    path("definitions/new/", drafts.definition_create, name="definition-create"),
    path(
        "definitions/<int:pk>/",
        definitions.definition_detail,
        name="definition-detail",
    ),
    path(
        "definitions/<int:pk>/edit/", building.definition_edit, name="definition-edit"
    ),
    path(
        "definitions/<int:pk>/count/",
        definitions.definition_count,
        name="definition-count-region",
    ),
    path(
        "definitions/<int:pk>/reading/",
        definitions.definition_reading,
        name="definition-reading-region",
    ),
    path(
        "definitions/<int:pk>/compare/<int:other>/",
        comparing.definition_compare,
        name="definition-compare",
    ),
    path(
        "definitions/<int:pk>/next/",
        drafts.definition_next,
        name="definition-next",
    ),
    path(
        "definitions/<int:pk>/propose/",
        proposals.definition_propose,
        name="definition-propose",
    ),
    path(
        "definitions/<int:pk>/sign/",
        signatures.definition_sign,
        name="definition-sign",
    ),
    path(
        "definitions/<int:pk>/reject/",
        proposals.definition_reject,
        name="definition-reject",
    ),
    path(
        "definitions/<int:pk>/withdraw/",
        proposals.definition_withdraw,
        name="definition-withdraw",
    ),
    path(
        "definitions/<int:pk>/comments/",
        comments.definition_comments,
        name="definition-comments-region",
    ),
    path("reasons/", reasons.reason_list, name="reason-list"),
    path("reasons/new/", reasons.reason_create, name="reason-create"),
    path("reasons/<int:pk>/", reasons.reason_change, name="reason-change"),
]
