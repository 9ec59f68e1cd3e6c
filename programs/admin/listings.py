from django.contrib import admin

from programs import models
from programs.admin.base import ContentAdmin
from programs.bundled_guide import LISTINGS

# The others have an admin of their own.
admin.site.register(set(LISTINGS.values()) - {models.Credential, models.SiteProfile}, ContentAdmin)
