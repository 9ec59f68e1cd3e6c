# ruff: noqa: F401 - every model of the guide under one name
from programs.models.content_version import ContentVersion
from programs.models.danger_words import DangerWords
from programs.models.listings import (
    Audience,
    Benefit,
    CareLevel,
    CommonQuestion,
    EnrollmentStep,
    Example,
    GlossaryTerm,
    Reason,
    ScheduleFact,
    Therapy,
)
from programs.models.old_addresses import OldAddress
from programs.models.organizations import Credential, CrisisLine, Facility, Notice, ServiceArea, SiteProfile
from programs.models.pages import GuidePage, Section
from programs.models.revision import Revision
from programs.models.shipped_rows import ShippedRow
from programs.models.synonyms import Synonym
