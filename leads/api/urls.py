from django.urls import path

from leads.api import batches, definitions, leads, stage_changes, touchpoints

urlpatterns = [
    path("definitions/", definitions.Definitions.as_view(), name="definitions"),
    path(
        "definitions/criteria-schema/",
        definitions.CriteriaSchema.as_view(),
        name="criteria-schema",
    ),
    path(
        "definitions/<int:pk>/",
        definitions.DefinitionDetail.as_view(),
        name="definition",
    ),
    path(
        "definitions/<int:pk>/proposal/",
        definitions.DefinitionProposal.as_view(),
        name="definition-proposal",
    ),
    path("leads/", leads.Leads.as_view(), name="leads"),
    path("leads/batch/", batches.LeadBatch.as_view(), name="lead-batch"),
    path("leads/<int:pk>/", leads.LeadDetail.as_view(), name="lead"),
    path(
        "leads/<int:pk>/explanation/",
        definitions.LeadExplanation.as_view(),
        name="lead-explanation",
    ),
    path(
        "leads/by-external-id/<str:system>/<str:external_id>/",
        leads.LeadByExternalId.as_view(),
        name="lead-by-external-id",
    ),
    path("stage-changes/", stage_changes.StageChanges.as_view(), name="stage-changes"),
    path(
        "stage-changes/<int:pk>/",
        stage_changes.StageChangeDetail.as_view(),
        name="stage-change",
    ),
    path(
        "stage-changes/<int:pk>/withdrawal/",
        stage_changes.StageChangeWithdrawal.as_view(),
        name="stage-change-withdrawal",
    ),
    path("touchpoints/", touchpoints.Touchpoints.as_view(), name="touchpoints"),
    path(
        "touchpoints/batch/",
        batches.TouchpointBatch.as_view(),
        name="touchpoint-batch",
    ),
]
