import json
import time

import django_otp
from django.contrib.auth import login
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from inquiries.crypto import keyring
from inquiries.desk.list_searches import without_text
from inquiries.models import Event
from iop_site.refusals import is_desk
from iop_site.staff.models import Authenticator
from iop_site.staff.models.sessions import BROWSER, STARTED_AT

DESTINATION = "next"
NEW_CODES = "recovery_codes"
PENDING_AUTHENTICATOR = "pending_authenticator"
CONFIRMED_AT = "confirmed_at"
CONFIRMED_FOR = 10 * 60  # seconds that a repeated password and number hold for changes of the second step
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "Mac"}


def begin(request, user):
    request.session.flush()
    login(request, user, backend="iop_site.staff.backends.StaffBackend")
    request.session[STARTED_AT] = time.time()
    request.session[BROWSER] = browser_of(request)


def complete(request, authenticator: Authenticator, detail: str = ""):
    is_signing_in = not request.user.is_verified()
    request.session.cycle_key()
    django_otp.login(request, authenticator)
    if is_signing_in:
        Event.objects.create(verb=Event.Verb.SIGNED_IN, actor=request.user, detail=detail)


def next_page(request) -> str:
    return reverse("admin:second_step" if request.user.authenticator else "admin:enrol")


def remember_destination(request, address: str):
    host = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=host, require_https=request.is_secure())
    if is_ours and is_desk(address) and not is_sign_in_page(address):
        request.session[DESTINATION] = without_text(address)


def is_sign_in_page(address: str) -> bool:
    names = ("login", "logout", "second_step", "recovery", "enrol", "codes", "own_password", "set_up")
    return any(address.partition("?")[0].startswith(reverse(f"admin:{name}")) for name in names)


def pop_destination(request) -> str:
    return request.session.pop(DESTINATION, None) or reverse("admin:index")


def pending_authenticator(request) -> Authenticator:
    pk = request.session.get(PENDING_AUTHENTICATOR)
    found = Authenticator.objects.filter(pk=pk, user=request.user, confirmed=False).first()
    if found is None:
        found = Authenticator.begin(request.user)
        request.session[PENDING_AUTHENTICATOR] = found.pk
    return found


def keep_new_codes(request, codes: list[str]):
    request.session[NEW_CODES] = keyring.current().seal(json.dumps(codes), f"{NEW_CODES}|{request.user.pk}")


def new_codes(request) -> list[str]:
    sealed = request.session.get(NEW_CODES)
    return json.loads(keyring.current().open(sealed, f"{NEW_CODES}|{request.user.pk}")) if sealed else []


def remember_confirmation(request):
    request.session[CONFIRMED_AT] = time.time()


def is_confirmed(request) -> bool:
    return 0 <= time.time() - request.session.get(CONFIRMED_AT, 0) <= CONFIRMED_FOR


def browser_of(request) -> str:
    agent = request.headers.get("User-Agent", "")
    browser = next((name for token, name in BROWSERS.items() if f"{token}/" in agent), "")
    system = next((name for token, name in SYSTEMS.items() if token in agent), "Linux" if "Linux" in agent else "")
    return " on ".join(filter(None, (browser, system)))
