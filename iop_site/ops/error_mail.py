"""Errors by mail without message, local variable, query, form or header: each can hold what a person typed."""

import logging
import re
import threading
import time
from collections import deque

from django.conf import settings
from django.core.mail import EmailMessage

from iop_site.ops.log_format import request_id, request_path

logger = logging.getLogger(__name__)

MOST_IN_AN_HOUR = 10
SAME_AFTER = 3600  # seconds until the same error is told again
NUMBER = re.compile(r"\d{3,}")  # what might be a code or a phone number in a path


class ErrorMailHandler(logging.Handler):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.sent: deque[float] = deque(maxlen=MOST_IN_AN_HOUR)
        self.told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord):
        if not (settings.ERROR_MAIL_TO and settings.HAS_MAIL_SERVER):
            return
        try:
            what = self.describe(record)
            if self.may_tell(what, time.monotonic()):
                text = f"{what}\n\nrequest {request_id.get() or '-'}\npath {path()}\n"
                # A thread, so that nobody waits for a mail server.
                threading.Thread(target=send, args=[text], name="error mail", daemon=True).start()
        except Exception:
            self.handleError(record)

    def describe(self, record: logging.LogRecord) -> str:
        place = f"{record.levelname} from {record.name}, {record.module}:{record.lineno}"
        frames = self.formatter.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        return f"{place}\n{frames}".strip()

    def may_tell(self, what: str, now: float) -> bool:
        self.told = {known: at for known, at in self.told.items() if now - at < SAME_AFTER}
        if what in self.told or (len(self.sent) == MOST_IN_AN_HOUR and now - self.sent[0] < 3600):
            return False
        self.told[what] = now
        self.sent.append(now)
        return True


def path() -> str:
    plain = "".join(c if c.isprintable() else "?" for c in request_path.get())[:200]
    return NUMBER.sub("…", plain) or "-"


def send(text: str):
    subject = f"Error on {settings.SITE_URL.host}"
    try:
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject, text, to=[settings.ERROR_MAIL_TO], headers=headers).send()
    except Exception as error:  # this is the last place that could tell of anything
        logger.warning("an error report was not mailed: %s", type(error).__name__)
