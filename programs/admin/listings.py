"""The lists of the guide that need nothing of their own beside what every row has."""

from django.contrib import admin

from programs import models
from programs.admin.base import ContentAdmin

admin.site.register(
    [
        models.Audience,
        models.Benefit,
        models.CareLevel,
        models.CrisisLine,
        models.EnrollmentStep,
        models.Example,
        models.Facility,
        models.GlossaryTerm,
        models.Reason,
        models.ScheduleFact,
        models.ServiceArea,
        models.Synonym,
        models.Therapy,
    ],
    ContentAdmin,
)
