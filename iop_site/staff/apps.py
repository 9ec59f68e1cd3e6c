from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from iop_site.staff import roles


class StaffConfig(AppConfig):
    name = "iop_site.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self):
        post_migrate.connect(roles.grant, sender=self)


class DeskConfig(AdminConfig):
    default = False
    default_site = "iop_site.staff.site.DeskSite"
