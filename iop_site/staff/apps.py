from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StaffConfig(AppConfig):
    name = "iop_site.staff"
    label = "staff"
    verbose_name = "Staff"


class DeskConfig(AdminConfig):
    """Django's admin with our own site as the default one, so that the apps register as usual."""

    default = False
    default_site = "iop_site.staff.site.DeskSite"
