from django.urls import path

from foundation.documents.views import signatures

app_name = "documents"
urlpatterns = [
    path("documents/yours/", signatures.yours, name="signatures-region"),
]
