"""The worker that sends the notices: `manage.py deliver_outbox` until it is stopped, `--once` for one pass."""

import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries.db import sqlite
from inquiries.models import EventSeal, HighWaterMark, KeyCheck, NetworkCount, RecentAnswers
from inquiries.worker import mailer, retention
from inquiries.worker.jobs import Jobs

logger = logging.getLogger(__name__)

POLL_SECONDS = 2


class Command(BaseCommand):
    """Polls the outbox; finishes the notice in hand when told to stop, and waits while the database is away."""

    tidied_hour = None
    mark = None
    help = "Send the notices that are due, again and again until stopped."

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.jobs = Jobs()

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="make one pass and end")

    def handle(self, *args, once, **options):
        if once:
            self.pass_once()
            return
        if not settings.HAS_MAIL_SERVER:
            logger.warning("no mail is sent: EMAIL_URL is not set; notices wait in the admin")
        for name in settings.WORKER_START:
            import_string(name)()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self.pass_while_database_answers(stop)
            stop.wait(POLL_SECONDS)

    def pass_while_database_answers(self, stop):
        close_old_connections()
        try:
            self.deliver(stop.is_set)
        except Error as error:
            logger.warning("the outbox waits for the database: %s", type(error).__name__)

    def pass_once(self):
        try:
            self.deliver()
        except Error as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from None

    def deliver(self, should_stop=lambda: False):
        # Raises, and so ends the worker with one sentence, as soon as the database says that the keys do not fit.
        KeyCheck.objects.verify_once()
        self.tidy(timezone.now(), should_stop)
        self.seal(timezone.now())
        mailer.deliver_due(should_stop)
        self.jobs.run(timezone.now(), should_stop)

    def tidy(self, now, should_stop=lambda: False):
        """Once an hour, drop what has been kept for its time: counts of networks, hashes of answers, inquiries."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self.tidied_hour:
            NetworkCount.objects.forget(now)
            RecentAnswers.objects.forget(now)
            if settings.PURGE_BY_WORKER:
                retention.purge(now, should_stop)
            sqlite.checkpoint_wal()  # also of what senders took back while it was in use
            self.tidied_hour = hour

    def seal(self, now):
        """Seal the events up to the last mark once it is settled, a minute or more later, and set the next one."""
        if self.mark and not self.mark.is_settled(now):
            return
        if self.mark:
            EventSeal.objects.seal_up_to(self.mark.newest, now)
        self.mark = HighWaterMark(now)
