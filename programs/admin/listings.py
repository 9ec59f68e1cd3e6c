from django.contrib import admin

from programs import models
from programs.admin.base import ContentAdmin
from programs.bundled_guide import LISTINGS

# The others have an admin of their own.
WITH_THEIR_OWN = (models.Credential, models.SiteProfile)
admin.site.register([model for model in LISTINGS.values() if model not in WITH_THEIR_OWN], ContentAdmin)
