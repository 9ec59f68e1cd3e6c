"""The question who needs support, the form of each way, its check page and its answer. Check and Sent answer a POST at
the form's own address. All is kept in hidden fields; only the token is signed."""

import logging
import re

from django.core.exceptions import BadRequest, ImproperlyConfigured, SuspiciousOperation
from django.db import Error
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from inquiries.crypto.tokens import SubmissionKey, TokenError, TokenExpired
from inquiries.intake import rate_limits, requests, spam
from inquiries.models import Inquiry, KeyCheck
from inquiries.promises import promised
from inquiries.questions.forms import AskForm

logger = logging.getLogger(__name__)

UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError)
HIDDEN = _(
    "Your browser does not tell us that this form comes from our page, so we could not take it. Nothing was sent. What "
    "you wrote is still here. In the privacy settings or the add-ons of your browser, allow it to send the “referrer” "
    "to this site, then try again. Or open this page in another browser."
)
NEW_CODE = "new-code"
PROBLEMS = ("unconfirmed", "flood", NEW_CODE)  # of which the check page tells
CHOICES_OF_CHECK = {
    "email-meant": AskForm.with_email_meant,
    "email-first": lambda form: form.with_answer("first", "email"),
    "phone-first": lambda form: form.with_answer("first", "phone"),
}
SEEN = re.compile(r"[0-9]{1,4}")
EXPIRED = _("This page was open a long time. Check your answers and send again.")


class NoStoreMixin:
    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def show(self, template: str, status=200, **context):
        """While the database is away, without what the frame would ask of it."""
        try:
            response = render(self.request, template, context, status=status)
        except Error:
            text = render_to_string(template, {**context, "request": self.request})
            response = HttpResponse(text, status=status)
        if status == 429:
            response["Retry-After"] = str(rate_limits.RETRY_AFTER)
        return response


class AskChooserView(NoStoreMixin, View):
    http_method_names = ["get", "head"]

    def get(self, request):
        return self.show("inquiries/ask.html")


# No cookie stands behind these forms, so Django's check of one proves nothing; origin and token are checked.
@method_decorator(csrf_exempt, name="dispatch")
class OwnFormView(NoStoreMixin, View):
    """A form taken from this site alone; ``answers`` is what was sent. A view has ``take_step``, ``show_unreadable``,
    ``show_foreign`` and ``foreign``."""

    http_method_names = ["get", "head", "post"]

    def post(self, request):
        if requests.is_too_large(request):
            return self.show_unreadable(status=413)
        try:
            self.answers = request.POST
        except UNREADABLE:
            return self.show_unreadable(status=400)
        if requests.is_own_origin(request):
            return self.take_step()
        is_hidden = requests.is_origin_hidden(request)
        return self.show_foreign(notice=HIDDEN if is_hidden else self.foreign, status=403, or_call=is_hidden)


class AskFormView(OwnFormView):
    form_class = None
    foreign = _("We could not tell where this form came from. Press “Check my answers” again.")

    def get(self, request):
        self.take_key(SubmissionKey.new())
        return self.show_form(self.form_class())

    def show_unreadable(self, status):
        return self.show("inquiries/unreadable.html", status=status)

    def show_foreign(self, **context):
        # A new key: whoever made a page send this one could send it again and be shown the answer.
        self.take_key(SubmissionKey.new())
        return self.show_form(self.form_class.filled(self.answers), again="foreign", **context)

    def take_step(self):
        """The button of the other language says ``again``, and what shows the page once more that it stands on."""
        is_fresh = self.take_token(self.answers.get("token", ""))
        step = (self.answers.get("again") or self.answers.get("step")) if is_fresh else "expired"
        notices = {"change": "", "expired": EXPIRED, "foreign": self.foreign}
        if step in notices:
            return self.show_form(self.form_class.filled(self.answers), notice=notices[step], again=step)
        form = self.form_class(self.answers)
        if not form.is_valid() or step == "errors":
            return self.show_form(form)
        if step in CHOICES_OF_CHECK:
            form = CHOICES_OF_CHECK[step](form)
        if step in PROBLEMS:
            return self.show_check(form, problem=step, seen=self.seen)
        return self.send(form) if step == "send" else self.check(form)

    def take_key(self, key: SubmissionKey):
        self.key, self.token = key, key.token()

    def take_token(self, token: str) -> bool:
        try:
            self.key, self.token = SubmissionKey.from_token(token), token
            return True
        except TokenExpired:
            # The same key, so that a form left open too long still cannot be stored twice.
            self.take_key(SubmissionKey.from_token(token, max_age=None))
        except TokenError:
            self.take_key(SubmissionKey.new())
        return False

    def check(self, form):
        """Show what would be sent, beside what was sent under this key before, as far as that can be told now."""
        try:
            KeyCheck.objects.verify_once()
            sent = Inquiry.objects.by_key(self.key)
            kept = sent.kept_digests() if sent else []
        except (Error, ImproperlyConfigured):
            return self.show_check(form, seen=self.seen)
        if sent and sent.erased_at:
            return self.show_erased(sent, form)
        digest = form.inquiry().digest_answers()
        if sent and digest not in kept and not sent.has_code(self.key.code):
            return self.show_check(form, problem=NEW_CODE, status=409)
        is_latest = digest in kept[:1]
        return self.show_check(form, sent=sent, seen=len(kept), is_latest=is_latest)

    def send(self, form):
        """Answer only after it is committed."""
        try:
            signals = self.spam_signals(form.inquiry())
            if signals is None:
                return self.show_check(form, problem="flood", status=429, seen=self.seen)
            newer = form.inquiry(*signals)
            newer.seen = self.seen
            inquiry = newer.submit(self.key)
        except (Error, ImproperlyConfigured) as error:  # the second: keys that do not fit the database
            logger.error("an inquiry could not be confirmed: %s", type(error).__name__)
            return self.show_check(form, problem="unconfirmed", status=503, seen=self.seen)
        if inquiry.erased_at:
            return self.show_erased(inquiry, form)
        kept = inquiry.kept
        if newer.answers_digest not in kept:
            return self.show_check(form, problem=NEW_CODE, status=409)
        context = {"seen": len(kept), "is_latest": newer.answers_digest == kept[0], **promised(inquiry)}
        context["tells_of_danger"] = bool(newer.danger_read)
        context["code"] = self.key.code if inquiry.has_code(self.key.code) else ""  # a new one is shown to nobody here
        return self.show("inquiries/sent.html", inquiry=inquiry, form=form, token=self.token, **context)

    @property
    def seen(self) -> int:
        """How many sets of answers under this key the page that was sent had told of."""
        seen = self.answers.get("seen", "")
        return int(seen) if SEEN.fullmatch(seen) else 0

    def spam_signals(self, inquiry: Inquiry) -> list[str] | None:
        """None when the network sends a flood. A form stored with these answers is neither counted nor stopped."""
        stored = Inquiry.objects.by_key(self.key)
        if stored and inquiry.digest_answers() in stored.kept_digests():
            return []
        count = rate_limits.record_form(self.request)
        if rate_limits.is_flood(count):
            return None
        return spam.spam_signals(inquiry, self.key, self.token, count)

    def show_form(self, form, notice="", status=200, again="change", **context):
        context |= {"form": form, "notice": notice, "again": "errors" if form.errors else again}
        return self.show("inquiries/form.html", status, token=self.token, **context)

    def show_check(self, form, problem="", status=200, **context):
        context |= {"form": form, "problem": problem, "tells_of_danger": form.inquiry().tells_of_danger}
        return self.show("inquiries/check.html", status, token=self.token, **context)

    def show_erased(self, inquiry: Inquiry, form):
        return self.show("inquiries/erased.html", inquiry=inquiry, form=form, token=self.token, again="check")


class OldReferView(AskFormView):
    """The address that the Spanish referral form had before: it leads on, and takes what was opened there."""

    def get(self, request):
        return redirect("inquiries:ask_refer", permanent=True)
