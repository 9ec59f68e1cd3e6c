from modeltranslation.translator import TranslationOptions, translator

from programs import models

TITLED = ("title", "body", "body_html")
TRANSLATED = {
    models.GuidePage: ("slug", "title", "topic", "menu_label", "description", "answer", "answer_html"),
    models.Section: ("heading", "body", "body_html"),
    **dict.fromkeys((models.Reason, models.Benefit, models.Audience, models.Example), TITLED),
    **dict.fromkeys((models.GlossaryTerm, models.Facility), TITLED),
    models.Therapy: (*TITLED, "term"),
    models.ScheduleFact: (*TITLED, "value"),
    models.EnrollmentStep: (*TITLED, "summary", "may_need", "may_need_html", "can_skip", "can_skip_html"),
    models.CareLevel: (*TITLED, "support"),
    models.CommonQuestion: (*TITLED, "until_known", "until_known_html", "own_answer", "own_answer_html"),
    models.Credential: ("title", "what_it_is", "what_it_is_html", "how_to_check", "how_to_check_html"),
    models.Notice: ("text", "link_text", "url"),
    models.CrisisLine: (*TITLED, "call_label", "text_label", "text_body", "chat_label"),
    models.ServiceArea: ("name",),
    models.SiteProfile: ("hours", "insurers", "response_time"),
    models.Synonym: ("words", "means"),
    models.DangerWords: ("words",),
}
for model, fields in TRANSLATED.items():
    translator.register(model, type(f"{model.__name__}Translation", (TranslationOptions,), {"fields": fields}))
