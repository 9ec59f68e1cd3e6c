from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs import models
from programs.admin.base import ContentAdmin
from programs.bundled_guide import LISTINGS
from programs.editing.content_gaps import all_gaps, unready_credentials

WITH_THEIR_OWN = (models.Credential, models.SiteProfile)  # an admin below
admin.site.register([model for model in LISTINGS.values() if model not in WITH_THEIR_OWN], ContentAdmin)


class LapsingAdmin(ContentAdmin):
    change_list_template = "admin/programs/lapsing_change_list.html"
    list_display = ("__str__", "expires_on", "is_published")

    def changelist_view(self, request, extra_context=None):
        expiring = self.get_queryset(request).expiring(timezone.localdate())
        return super().changelist_view(request, {"expiring": expiring, **(extra_context or {})})


@admin.register(models.Credential)
class CredentialAdmin(LapsingAdmin):
    list_display = ("__str__", "number", "state", "readiness", "checked_on", "expires_on", "is_published")

    @admin.display(description=_("state"))
    def state(self, credential):
        return credential.state(timezone.localdate()).label

    @admin.display(description=_("ready to publish"))
    def readiness(self, credential):
        return _("yes") if credential.is_ready else _("NOT READY: last day and public page are missing")


@admin.register(models.Notice)
class NoticeAdmin(LapsingAdmin):
    exclude = ("key", "order")

    def get_readonly_fields(self, request, obj=None):
        return ("place",) if obj else ()

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        for _heading, options in fieldsets:
            options["fields"] = [name for name in options["fields"] if name not in self.exclude]
        return fieldsets


@admin.register(models.SiteProfile)
class SiteProfileAdmin(ContentAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.missing_view)
        return [path("missing/", view, name="programs_siteprofile_missing"), *super().get_urls()]

    def missing_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        context = {
            "title": _("Still missing"),
            "opts": self.opts,
            "gaps": all_gaps(),
            "unready": unready_credentials(),
        }
        return TemplateResponse(request, "admin/programs/missing.html", self.admin_site.each_context(request) | context)
