"""Django's admin with our site. Not in `apps.py`: a module may hold one default configuration."""

from django.contrib.admin.apps import AdminConfig


class LookUpAdminConfig(AdminConfig):
    default_site = "organizations.look_up.LookUpSite"
