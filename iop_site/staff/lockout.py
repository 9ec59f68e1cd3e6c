"""What is typed as a user name may be a password in the wrong box: axes keeps its keyed hash alone."""

import threading
import time
from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models.signals import pre_save
from django.dispatch import receiver

from inquiries.crypto import keyring
from inquiries.intake.requests import network_of
from iop_site.staff import hashing, known_browsers

FAILURE_LIMIT = 5  # wrong passwords for one user name from one network, and then that pair waits
COOL_OFF = timedelta(minutes=15)
DIGEST = "keyed:"  # what every name that this release keeps begins with
MOST_NETWORKS = 10_000
_failed_at: dict[str | None, float] = {}  # by network: when a try of it last failed in this process, the oldest first
_one_writes = threading.Lock()  # or another thread changes what is looked through for the oldest


class Handler(AxesDatabaseHandler):
    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""
            note_failure(network(request))
        return super().user_login_failed(sender, credentials, request, **kwargs)


@receiver(pre_save, sender=AccessAttempt)
def keep_no_query(instance, **kwargs):
    instance.get_data = instance.post_data = ""


def failure_limit(request, credentials) -> int:
    return FAILURE_LIMIT


def cool_off(request) -> timedelta:
    return COOL_OFF


def network(request) -> str | None:
    """Return the address of the sender, for IPv6 the first of its /64."""
    return network_of(request).partition("/")[0] or None


def name_digest(request, credentials) -> str:
    name = (credentials or request.POST).get("username") or ""
    return DIGEST + keyring.current().digest("sign-in name", name.encode("utf-8", "replace")).hex()


def locked_out(request, response, credentials):
    """Answer like the sign-in page whether there is such an account or not; only the status differs."""
    response.status_code = 429
    response["Retry-After"] = str(int(COOL_OFF.total_seconds()))
    return response


def seat(request) -> str | None:
    """Nowhere if a try of this network failed lately; a browser that was through both steps has a seat of its own."""
    if known_browsers.may_wait_first(request):
        return hashing.KNOWN
    since = time.monotonic() - COOL_OFF.total_seconds()
    return hashing.NEW if _failed_at.get(network(request), since) <= since else None


def note_failure(network: str | None):
    """Remember a failed try in this process: a flood is refused without asking the database."""
    with _one_writes:
        _failed_at.pop(network, None)
        _failed_at[network] = time.monotonic()
        if len(_failed_at) > MOST_NETWORKS:
            del _failed_at[next(iter(_failed_at))]


def clear(now: datetime):
    AccessAttempt.objects.filter(attempt_time__lte=now - COOL_OFF).delete()
