from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "iop_site.staff"
    label = "staff"
    verbose_name = _("Staff")


class DeskConfig(AdminConfig):
    """Django's admin with our own site as the default one, so that the apps register as usual."""

    default = False
    default_site = "iop_site.staff.site.DeskSite"
