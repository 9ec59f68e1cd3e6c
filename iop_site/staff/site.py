"""The staff desk: Django's admin under our name."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from iop_site.staff import dashboard


class DeskSite(AdminSite):
    site_title = _("Intake desk")
    site_header = _("Dedicato intake desk")
    index_title = _("Today")
    site_url = "/"
    enable_nav_sidebar = False  # it needs JavaScript

    def index(self, request, extra_context=None):
        return super().index(request, {"dashboard": dashboard.context(request.user), **(extra_context or {})})
