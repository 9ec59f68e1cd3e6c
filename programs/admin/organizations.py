"""What is claimed of the center, and what is known of it."""

from django.contrib import admin

from programs import models
from programs.admin.base import ContentAdmin


@admin.register(models.Credential)
class CredentialAdmin(ContentAdmin):
    pass


@admin.register(models.SiteProfile)
class SiteProfileAdmin(ContentAdmin):
    pass
