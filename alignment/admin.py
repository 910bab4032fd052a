"""The leadership panel: Django's own admin, for leadership and administrators."""

from django.contrib.admin.apps import AdminConfig


class AlignmentAdminConfig(AdminConfig):
    default_site = "alignment.panel.Panel"
