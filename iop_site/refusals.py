import logging
import re

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

DESK_PATH = re.compile(r"/(es/)?admin/")
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)  # the last: PostgreSQL while it only reads
RETRY_AFTER = 60  # seconds, while the database is away


class Middleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


def is_desk(path: str) -> bool:
    return DESK_PATH.match(path) is not None


def refusal(template: str, status: int, **headers: str) -> HttpResponse:
    """Return an error page that needs nothing but itself and repeats nothing of the request."""
    return HttpResponse(render_to_string(template), status=status, headers={"Cache-Control": "no-store", **headers})


def database_away(exception: Exception) -> HttpResponse:
    logger.error("the database does not answer: %s", type(exception).__name__)
    return refusal("503.html", 503, **{"Retry-After": str(RETRY_AFTER)})
