"""For a process manager and a proxy; answered before anything looks at the host: who asks does so by address."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponseNotAllowed, JsonResponse

from inquiries.models import KeyCheck
from iop_site.refusals import Middleware

logger = logging.getLogger(__name__)


class HealthMiddleware(Middleware):
    def __init__(self, get_response):
        super().__init__(get_response)
        self.answers = {"/healthz": lambda: True, "/readyz": self.is_ready}
        self.is_migrated = False  # remembered: a database that has the migrations of this code keeps them

    def __call__(self, request):
        is_well = self.answers.get(request.path_info)
        if is_well is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"], headers={"Cache-Control": "no-store"})
        status, word = (200, "ok") if is_well() else (503, "unavailable")
        return JsonResponse({"status": word}, status=status, headers={"Cache-Control": "no-store"})

    def is_ready(self) -> bool:
        try:
            KeyCheck.objects.verify_once()
            KeyCheck.objects.exists()  # the keys are remembered, so the database must be asked for itself
            if not self.is_migrated:
                executor = MigrationExecutor(connection)
                self.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except (Error, ImproperlyConfigured) as error:
            logger.warning("not ready: %s", type(error).__name__)
            return False
        if not self.is_migrated:
            logger.warning("not ready: NotMigrated")
        return self.is_migrated
