"""Sessions of the desk, kept so that their owner can see and end them. This module is the SESSION_ENGINE."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

LONGEST = timedelta(hours=10)
CLOCK_SKEW = timedelta(minutes=1)  # what two servers may differ by
STARTED_AT = "started_at"
BROWSER = "browser"


class Session(AbstractBaseSession):
    """One sign-in: whose, since when, last seen when, and the kind of browser. No address is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)

    class Meta(AbstractBaseSession.Meta):
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @classmethod
    def clear_long_ended(cls):
        """Delete what ended more than a day ago."""
        cls.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1)).delete()


class SessionStore(DatabaseStore):
    """Django's database sessions, with an end after ten hours however busy, and none after a clock that ran wrong."""

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        session = super()._get_session_from_db()
        if session and not is_in_time(session, timezone.now()):
            self._session_key = None
            return None
        return session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        now = timezone.now()
        session.user_id = data.get(SESSION_KEY)
        session.started_at = datetime.fromtimestamp(data.get(STARTED_AT, now.timestamp()), UTC)
        session.seen_at = now
        session.browser = data.get(BROWSER, "")
        return session


def is_in_time(session: Session, now) -> bool:
    """Whether a session began within the last ten hours, and no clock that was set back prolongs it."""
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    latest = now + CLOCK_SKEW
    return now - LONGEST < session.started_at <= latest and session.expire_date <= latest + idle
