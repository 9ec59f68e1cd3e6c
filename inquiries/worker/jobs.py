"""What the worker does, in which order and how often: the one table of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from inquiries.db import sqlite
from inquiries.models import KeyCheck, LastChange, NetworkCount, RecentAnswers
from inquiries.worker import mailer, retention
from inquiries.worker.names import NameIndexer
from inquiries.worker.sealing import Sealer

logger = logging.getLogger(__name__)

PASS_SECONDS = 2  # between two passes over the table
EACH_PASS, MINUTE, HOUR = timedelta(0), timedelta(minutes=1), timedelta(hours=1)
REST_AFTER_FAILURE = timedelta(minutes=15)  # a job that fails may be a heavy one, such as a copy to a full disk


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    run: Callable  # with the time, and with what says whether to stop
    may_fail: bool = False  # then a failure is logged, rests and stops nothing else; it ends the pass otherwise


def timetable() -> list[Job]:
    """The settings name jobs too, so that no app needs to know the other's."""
    return [
        Job("keys", EACH_PASS, lambda now, should_stop: KeyCheck.objects.verify_once()),  # keys that do not fit end it
        Job("tidy", HOUR, tidy),
        Job("seal", EACH_PASS, Sealer().seal),  # keeps its own pace, of a minute or more
        Job("mail", EACH_PASS, lambda now, should_stop: mailer.deliver_due(should_stop)),
        Job("names", EACH_PASS, NameIndexer().index, may_fail=True),
        *named_jobs(),
    ]


def named_jobs() -> list[Job]:
    return [Job(name, MINUTE, _named(name), may_fail=True) for name in settings.WORKER_JOBS]


def _named(name: str) -> Callable:
    return lambda now, should_stop: import_string(name)(now)


def tidy(now, should_stop):
    NetworkCount.objects.forget(now)
    RecentAnswers.objects.forget(now)
    LastChange.objects.forget(now)
    if settings.PURGE_BY_WORKER:
        retention.purge(now, should_stop)
    sqlite.checkpoint_wal()  # also of what senders took back while it was in use


class Worker:
    """May raise django.db.Error or KeysDoNotFit."""

    def __init__(self, jobs: list[Job] | None = None):
        self.jobs = timetable() if jobs is None else jobs
        self.waits: dict[str, float] = {}

    def run_pass(self, should_stop=lambda: False, now=None):
        for job in self.jobs:
            # Counted by a clock that nobody sets back: the jobs themselves look at the time of day.
            if time.monotonic() >= self.waits.get(job.name, 0) and not (job.may_fail and should_stop()):
                rest = self._call(job, now or timezone.now(), should_stop)
                self.waits[job.name] = time.monotonic() + rest.total_seconds()

    def _call(self, job: Job, now, should_stop) -> timedelta:
        """Return after how long it is called again; of a failure only its class is logged."""
        try:
            job.run(now, should_stop)
        except Exception as error:  # whatever is wrong with one job must not keep the mail from going out
            if not job.may_fail:
                raise
            logger.error("the job %s failed: %s", job.name, type(error).__name__)
            return REST_AFTER_FAILURE
        return job.every
