"""A marked inquiry goes the way of every other one: form, database, outbox, status page, erasing. Nobody is mailed, and
no list, count or export of the desk holds it. Its empty shell stays, and one CanaryRun."""

import io
import logging
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse
from django.utils import timezone, translation

from inquiries.crypto.tokens import SubmissionKey
from inquiries.intake.status_views import StatusView
from inquiries.models import CanaryRun, Inquiry, OutboxNotice
from inquiries.questions.forms import MeForm
from inquiries.worker import mailer

logger = logging.getLogger(__name__)

Step = CanaryRun.Step
ANSWERS = {
    "name": "Test of this site",
    "contact_way": Inquiry.ContactWay.CALL,
    "phone": "(626) 555-0100",  # numbers like it are given to nobody
    "preferred_language": "en",
    "agree": "on",
}


class StepFailed(Exception):
    """A step that raised nothing, but did not come to what it should."""


def run_due(now):
    if not CanaryRun.objects.is_due(now):
        return
    CanaryRun.objects.forget(now)
    run = CanaryRun.objects.create(started_at=now)
    take_back()  # what a test that was killed left
    try:
        with translation.override("en"):
            run_steps(run)
    except Exception as error:
        logger.error("the test inquiry stopped at the step %s: %s", run.step, type(error).__name__)
        run.mark_failed(error)
        take_back()
        raise
    run.mark_succeeded(timezone.now())


def run_steps(run: CanaryRun):
    key = SubmissionKey.new()
    inquiry = send_form(key, f"Test {run.pk}")
    run.step = Step.MAIL
    deliver_notice(inquiry)
    run.step = Step.STATUS
    if inquiry.reference not in status_page(key.code):
        raise StepFailed
    run.step = Step.ERASING
    Inquiry.objects.get(pk=inquiry.pk).withdraw()
    if Inquiry.objects.by_code(key.code) or inquiry.reference in status_page(key.code):
        raise StepFailed


def send_form(key: SubmissionKey, question: str) -> Inquiry:
    form = MeForm(ANSWERS | {"question": question})
    if not form.is_valid():
        raise StepFailed
    unsent = form.inquiry()
    unsent.is_canary = True
    stored = Inquiry.objects.get(pk=unsent.submit(key).pk)
    if (stored.name, stored.question) != (ANSWERS["name"], question):
        raise StepFailed
    return stored


def deliver_notice(inquiry: Inquiry):
    """Without a mail server notices wait, and so does this."""
    notice = inquiry.notices.get(kind=OutboxNotice.Kind.CANARY)
    if not settings.HAS_MAIL_SERVER:
        return
    # One that another worker claimed first is on its way.
    error = OutboxNotice.objects.claim(notice.pk, timezone.now()) and mailer.deliver(notice.pk)
    if error:
        raise error


def status_page(code: str) -> str:
    body = urlencode({"step": "open", "code": code}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": reverse("inquiries:status"),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": settings.SITE_URL.netloc,
        "wsgi.url_scheme": settings.SITE_URL.scheme,
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)  # fills in what WSGI requires, whatever its name says
    return StatusView.as_view()(WSGIRequest(environ)).content.decode()


def take_back():
    for inquiry in Inquiry.objects.filter(is_canary=True, erased_at=None):
        inquiry.withdraw()
