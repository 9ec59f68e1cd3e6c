"""The SESSION_ENGINE. Of a key only the hash is stored: whoever reads the table can open no session with it."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from iop_site.refusals import DATABASE_AWAY

LONGEST = timedelta(hours=10)
CLOCK_SKEW = timedelta(minutes=1)  # what two servers may differ by
STARTED_AT = "started_at"
BROWSER = "browser"


class Session(AbstractBaseSession):
    session_key = models.CharField(max_length=64, primary_key=True)  # the hash of the key in the cookie
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
        cls.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1)).delete()


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return Session

    @property
    def row_key(self) -> str:
        return hash_of(self.session_key or "")

    def _get_session_from_db(self):
        now = timezone.now()
        session = self.model.objects.filter(session_key=self.row_key, expire_date__gt=now).first()
        if session is None or not is_in_time(session, now):
            self._session_key = None
            return None
        return session

    def save(self, must_create=False):
        """Django takes whatever keeps a row from being written for a session that was ended meanwhile."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, DATABASE_AWAY):
                raise error.__context__ from None
            raise

    def exists(self, session_key):
        return super().exists(hash_of(session_key))

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key:
            super().delete(hash_of(key))

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.session_key = self.row_key
        now = timezone.now()
        session.user_id = data.get(SESSION_KEY)
        session.started_at = datetime.fromtimestamp(data.get(STARTED_AT, now.timestamp()), UTC)
        session.seen_at = now
        session.browser = data.get(BROWSER, "")
        return session


def hash_of(session_key: str) -> str:
    """Return the hash of a key, which needs no secret: a key is 165 random bits."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def is_in_time(session: Session, now) -> bool:
    """Whether a session began within the last ten hours, and no clock that was set back prolongs it."""
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    latest = now + CLOCK_SKEW
    return now - LONGEST < session.started_at <= latest and session.expire_date <= latest + idle
