"""Which fields of the guide exist in each language. Everything else is the same in both."""

from modeltranslation.translator import TranslationOptions, register

from programs import models


@register(models.GuidePage)
class GuidePageTranslation(TranslationOptions):
    fields = ("slug", "title", "topic", "menu_label", "description", "answer", "answer_html")


@register(models.Section)
class SectionTranslation(TranslationOptions):
    fields = ("heading", "body", "body_html")


@register([models.Reason, models.Benefit, models.Audience, models.Example, models.GlossaryTerm, models.Facility])
class TitledTranslation(TranslationOptions):
    fields = ("title", "body", "body_html")


@register(models.Therapy)
class TherapyTranslation(TitledTranslation):
    fields = ("term",)


@register(models.ScheduleFact)
class ScheduleFactTranslation(TitledTranslation):
    fields = ("value",)


@register(models.EnrollmentStep)
class EnrollmentStepTranslation(TitledTranslation):
    fields = ("summary", "may_need", "may_need_html", "can_skip", "can_skip_html")


@register(models.CareLevel)
class CareLevelTranslation(TitledTranslation):
    fields = ("support",)


@register(models.Credential)
class CredentialTranslation(TranslationOptions):
    fields = ("title", "what_it_is", "what_it_is_html", "how_to_check", "how_to_check_html")


@register(models.Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("text", "link_text", "url")


@register(models.CrisisLine)
class CrisisLineTranslation(TitledTranslation):
    fields = ("call_label", "text_label", "text_body", "chat_label")


@register(models.ServiceArea)
class ServiceAreaTranslation(TranslationOptions):
    fields = ("name",)


@register(models.SiteProfile)
class SiteProfileTranslation(TranslationOptions):
    fields = ("hours", "insurers", "response_time")


@register(models.Synonym)
class SynonymTranslation(TranslationOptions):
    fields = ("words", "means")
