from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, get_user_model, update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.db import transaction

from inquiries.models import Event, NetworkCount
from iop_site.staff.models import SetUpCode

SET_UP = {"username": "set-up code"}  # counted like a user name; no account can have one with a space
SET_UP_CODE = "set-up-code"  # where it is typed, for the audit trail


def account_of(request, name: str, password: str, where: str = "password"):
    user = authenticate(request, username=name, password=password)
    if user is None:
        record_refusal(request, get_user_model().objects.filter(username=name).first(), where)
    return user


def is_own_password(request, password: str, where: str) -> bool:
    """Whether ``password`` is that of who is signed in; may raise what the hasher raises."""
    user = account_of(request, request.user.get_username(), password, where)
    if user is None:
        return False
    if user.password != request.user.password:  # it was hashed anew just now, which would end this session
        update_session_auth_hash(request, user)
    return True


def is_set_up_code(request, code: str) -> bool:
    """Whether ``code`` makes the first account; wrong ones lock its network out like wrong passwords."""
    if not AxesProxyHandler.is_allowed(request, SET_UP):
        request.axes_locked_out = True
        return False
    if SetUpCode.is_right(code):
        return True
    user_login_failed.send(__name__, credentials=SET_UP, request=request)
    record_refusal(request, None, SET_UP_CODE)
    return False


def is_locked_out(request) -> bool:
    return bool(getattr(request, "axes_locked_out", False))


def record_refusal(request, account, where: str):
    """Of names without account, one an hour; others are written and taken back, so that no time tells the names."""
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    verb = Event.Verb.LOCKED_OUT if is_locked_out(request) else Event.Verb.SIGN_IN_FAILED
    with transaction.atomic():
        count = NetworkCount.objects.add("an account" if account else "no account", what=f"refused {where}")
        before = transaction.savepoint()
        Event.objects.create(verb=verb, actor=account, detail=where)
        is_kept = account or count == 1 or where == SET_UP_CODE
        (transaction.savepoint_commit if is_kept else transaction.savepoint_rollback)(before)
