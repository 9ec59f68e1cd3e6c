"""The lists of the guide that need nothing of their own beside what every row has."""

from django.contrib import admin

from programs import models
from programs.admin.base import ContentAdmin
from programs.bundled_guide import LISTINGS

admin.site.register(set(LISTINGS.values()) - {models.Credential, models.SiteProfile}, ContentAdmin)
