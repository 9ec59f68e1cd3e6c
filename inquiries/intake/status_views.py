"""The page where a sender sees where the request is, adds something, changes how to be reached, or takes it back. All
after the private code answers a POST at the one address, with a signed token of half an hour in place of the code. That
stands in no address, title, log or page but the one where it was typed."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.utils.translation import gettext_lazy as _

from inquiries import danger
from inquiries.crypto.keyring import SealError
from inquiries.crypto.tokens import StatusKey, TokenError, TokenExpired
from inquiries.intake import rate_limits, requests, status_progress
from inquiries.intake.plan_changes import ChangesPlan
from inquiries.intake.status_forms import TOO_MANY, WRONG_CODE, AddForm, CodeForm
from inquiries.intake.views import OwnFormView
from inquiries.models import Inquiry, InquiryText, KeyCheck
from inquiries.models.conversation import Kept
from inquiries.promises import promised

logger = logging.getLogger(__name__)

OPENING = ("open", "open-again")  # the second from the button of the other language
TOO_LARGE = _("We could not read what you sent. Make it shorter and try again.")
EXPIRED = _("This page was open a long time. Type your private code again.")
EXPIRED_WORDS = _("This page was open a long time. Type your private code again. What you wrote is kept.")
ENDED = _("This page is no longer open. Type your private code again.")
NOT_LOOKED_UP = _("We could not look it up now. Wait a minute and try again.")
ADDED = _("We have what you wrote.")
WORDS_KEPT = _("What you wrote is still here. Press Send to send it.")


class StatusView(ChangesPlan, OwnFormView):
    foreign = _("We could not tell where this form came from. Type your private code again.")

    def get(self, request):
        return self.show_code(CodeForm())

    def show_unreadable(self, status):
        return self.show_code(CodeForm(), notice=TOO_LARGE, status=status)

    def show_foreign(self, **context):
        return self.show_code(self.typed_code(), again="foreign", **context)

    def take_step(self):
        try:
            KeyCheck.objects.verify_once()
            steps = {
                **dict.fromkeys(OPENING, self.look_up),
                "code": lambda: self.show_code(self.typed_code()),
                "foreign": lambda: self.show_foreign(notice=self.foreign),
            }
            return steps.get(self.step, self.answer_page)()
        except (Error, ImproperlyConfigured) as error:  # the second: keys that do not fit the database
            logger.error("the status page could not answer: %s", type(error).__name__)
            return self.show_unconfirmed()

    @property
    def step(self) -> str:
        """The button that was pressed; Enter in the field of the code presses none that has a name."""
        pressed = self.answers.get("again") or self.answers.get("step")
        return pressed or ("open" if "code" in self.answers else "")

    def look_up(self):
        """A wrong code of 16 digits, whatever is wrong with it, gets one answer."""
        form = CodeForm(self.answers)
        if not form.is_valid():
            return self.show_code(form)
        network = requests.network_of(self.request)
        if rate_limits.has_to_wait(network, rate_limits.WRONG_CODES):
            return self.show_code(form, notice=TOO_MANY, status=429, again="open-again")
        inquiry = Inquiry.objects.by_code(form.cleaned_data["code"])
        if inquiry is None:
            rate_limits.record_attempt(network, rate_limits.WRONG_CODES)
            form.add_error("code", WRONG_CODE)
            return self.show_code(form)
        inquiry.note_reading()
        self.key = self.key_of(inquiry)
        if self.was_added(inquiry):
            return self.show_added(inquiry)
        if self.typed_plan:
            return self.show_typed_plan(inquiry)
        form = self.typed_words()
        return self.show_request(inquiry, form, notice=WORDS_KEPT if form["words"].value() else "")

    def key_of(self, inquiry: Inquiry) -> StatusKey:
        """That of the page that waited for the code: words whose answer was lost are then still kept once."""
        try:
            key = StatusKey.from_token(self.answers.get("token", ""), max_age=None)
        except TokenError:
            key = None
        is_of_it = key and key.inquiry_uid == inquiry.uid and inquiry.is_open_on(key)
        return key if is_of_it else StatusKey.new(inquiry.uid, inquiry.code_digest)

    def answer_page(self):
        try:
            self.key = StatusKey.from_token(self.answers.get("token", ""))
        except TokenExpired:
            notice = EXPIRED_WORDS if self.typed_words()["words"].value() or self.typed_plan else EXPIRED
            return self.show_code(self.typed_code(), notice=notice, again="show")
        except TokenError:
            return self.show_code(self.typed_code(), notice=EXPIRED, again="show")
        inquiry = Inquiry.objects.filter(uid=self.key.inquiry_uid).first()
        if inquiry is None or inquiry.erased_at:
            return self.show_erased(inquiry)
        if not inquiry.is_open_on(self.key):
            return self.show_code(CodeForm(), notice=ENDED)
        steps = {
            **{"add": self.add, "ask": self.show_question, "withdraw": self.withdraw},
            **{"plan": self.show_plan, "change-plan": self.change_plan, "email-meant": self.take_email_meant},
            # The pages after a press on Send, in the other language.
            "errors": lambda inquiry: self.show_request(inquiry, AddForm(self.answers)),
            "added": lambda inquiry: self.show_request(inquiry, notice=ADDED),
        }
        return steps.get(self.step, self.show_request)(inquiry)

    def add(self, inquiry: Inquiry):
        """Keep what the sender adds, once for each page; sent again, it gets the same answer again."""
        form = AddForm(self.answers)
        whose = str(inquiry.uid)
        if rate_limits.has_to_wait(whose, rate_limits.ADDITIONS) and not self.was_added(inquiry):
            return self.show_request(inquiry, self.typed_words(), notice=TOO_MANY, status=429)
        if not form.is_valid():
            return self.show_request(inquiry, form)
        kept = inquiry.add_words(form.cleaned_data["words"], once=self.key.once)
        if kept is Kept.NOT:
            return self.show_erased(inquiry)
        if kept is Kept.NOW:
            rate_limits.record_attempt(whose, rate_limits.ADDITIONS)
        return self.show_added(inquiry)

    def was_added(self, inquiry: Inquiry) -> bool:
        form = AddForm(self.answers)
        return form.is_valid() and inquiry.has_words(form.cleaned_data["words"], self.key.once)

    def show_added(self, inquiry: Inquiry, form: AddForm | None = None, notice=ADDED):
        inquiry.refresh_from_db()
        self.key = StatusKey.new(inquiry.uid, inquiry.code_digest)
        return self.show_request(inquiry, form or AddForm(), notice=notice)

    def withdraw(self, inquiry: Inquiry):
        inquiry.withdraw()
        return self.show_erased(inquiry)

    def show_erased(self, inquiry: Inquiry | None):
        return self.show("inquiries/erased.html", inquiry=inquiry, token=self.key.token(), again="show")

    def typed_code(self) -> CodeForm:
        return CodeForm(initial={"code": self.answers.get("code", "")})

    def typed_words(self) -> AddForm:
        return AddForm(initial={"words": self.answers.get("words", "")})

    def waiting_words(self, inquiry: Inquiry) -> AddForm:
        return AddForm() if self.was_added(inquiry) else self.typed_words()

    def show_code(self, form: CodeForm, notice="", status=200, again="code", **context):
        # A code that was not found is looked up once more for the other language: it may be another by then.
        answers = getattr(self, "answers", {})
        words = AddForm(initial={"words": answers.get("words", "")})["words"].value()
        context |= {"again": "open-again" if form.errors else again}
        context |= {"form": form, "notice": notice, "words": words, "carried": self.typed_plan}
        context["token"] = answers.get("token", "") if words or self.typed_plan else ""
        return self.show("inquiries/status/code.html", status, **context)

    def show_request(self, inquiry: Inquiry, form: AddForm | None = None, notice="", status=200):
        form = form or self.waiting_words(inquiry)
        return self.show(
            "inquiries/status/request.html",
            status,
            inquiry=inquiry,
            tells_of_danger=self.tells_of_danger,
            token=self.key.token(),
            form=form,
            notice=notice,
            again="errors" if form.errors else "added" if notice is ADDED else "show",
            steps=status_progress.steps(inquiry),
            is_over=status_progress.is_over(inquiry),
            who_acts=status_progress.who_acts(inquiry),
            **promised(inquiry),
            did_not_work=status_progress.did_not_work(inquiry),
            told_here=status_progress.told_here(inquiry),
            messages=[readable(text) for text in inquiry.texts.filter(kind=InquiryText.Kind.MESSAGE)],
        )

    def show_question(self, inquiry: Inquiry):
        words = self.waiting_words(inquiry)["words"].value()
        return self.show("inquiries/status/question.html", token=self.key.token(), words=words, inquiry=inquiry)

    def show_unconfirmed(self):
        """While the database is away nothing typed is lost, and pressing again is always right."""
        if self.step in OPENING:
            return self.show_code(self.typed_code(), notice=NOT_LOOKED_UP, status=503, again="open-again")
        pressed = self.answers.get("pressed", "") if self.step == "again" else self.step
        context = {"token": self.answers.get("token", ""), "step": pressed, "form": self.typed_words()}
        context["carried"] = self.typed_plan
        context["tells_of_danger"] = self.tells_of_danger
        return self.show("inquiries/status/unconfirmed.html", status=503, **context)

    @property
    def tells_of_danger(self) -> bool:
        return danger.tells_of_danger(self.answers.get("words", ""))


def readable(text: InquiryText) -> dict:
    """A message that does not open must not spoil the page."""
    try:
        return {"at": text.created_at, "body": text.body}
    except SealError as error:
        logger.error("a message on the status page does not open: %s", error)
        return {"at": text.created_at, "body": ""}
