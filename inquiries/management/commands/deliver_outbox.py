"""The worker: `manage.py deliver_outbox` until it is stopped, `--once` for one pass. See inquiries.worker.jobs."""

import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections
from django.utils.module_loading import import_string

from inquiries.worker.jobs import PASS_SECONDS, Worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Finishes the notice in hand when told to stop, and waits for the database."""

    help = "Send the notices that are due, again and again until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="make one pass and end")

    def handle(self, *args, once, **options):
        worker = Worker()
        if once:
            try:
                worker.run_pass()
            except Error as error:
                raise CommandError(f"The database does not answer ({type(error).__name__}).") from None
            return
        if not settings.HAS_MAIL_SERVER:
            logger.warning("no mail is sent: EMAIL_URL is not set; notices wait in the admin")
        for name in settings.WORKER_START:
            import_string(name)()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self.pass_while_database_answers(worker, stop)
            stop.wait(PASS_SECONDS)

    def pass_while_database_answers(self, worker, stop):
        close_old_connections()
        try:
            worker.run_pass(stop.is_set)
        except Error as error:
            logger.warning("the outbox waits for the database: %s", type(error).__name__)
