from django.urls import path
from django.utils.translation import gettext_lazy as _

from inquiries.intake.status_views import StatusView
from inquiries.intake.views import AskChooserView, AskFormView, OldReferView
from inquiries.questions import forms

app_name = "inquiries"
urlpatterns = [
    path(_("ask/"), AskChooserView.as_view(), name="ask"),
    path(_("ask/me/"), AskFormView.as_view(form_class=forms.MeForm), name="ask_me"),
    path(_("ask/loved-one/"), AskFormView.as_view(form_class=forms.LovedOneForm), name="ask_loved_one"),
    path(_("ask/refer/"), AskFormView.as_view(form_class=forms.ReferForm), name="ask_refer"),
    path(
        "pedir-contacto/recomendar/", OldReferView.as_view(form_class=forms.ReferForm), name="ask_refer_before"
    ),  # forms open since before
    path(_("ask/question/"), AskFormView.as_view(form_class=forms.QuestionForm), name="ask_question"),
    path(_("status/"), StatusView.as_view(), name="status"),
]
