"""What the worker does about once a minute beside its mail: functions that the settings name, so that no app needs
to know the other's."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
REST_AFTER_FAILURE = timedelta(minutes=15)  # a job that fails may be a heavy one, such as a copy to a full disk


class Jobs:
    """Calls each function of ``WORKER_JOBS`` with the time. One that fails is logged, rests, and stops nothing else."""

    def __init__(self):
        self.waits: dict[str, float] = {}

    def run(self, now, should_stop=lambda: False):
        """Call the jobs whose time has come; of a failure only its class is logged."""
        for name in settings.WORKER_JOBS:
            # Counted by a clock that nobody sets back: the jobs themselves look at the time of day.
            if time.monotonic() < self.waits.get(name, 0) or should_stop():
                continue
            rest = EVERY
            try:
                import_string(name)(now)
            except Exception as error:  # whatever is wrong with one job must not keep the mail from going out
                logger.error("the job %s failed: %s", name, type(error).__name__)
                rest = REST_AFTER_FAILURE
            self.waits[name] = time.monotonic() + rest.total_seconds()
