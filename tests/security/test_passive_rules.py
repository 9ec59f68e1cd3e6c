"""What the passive rules of a ZAP baseline scan look for in an answer, re-stated: nothing of it is there.

The number before each rule is the id of the alert in ZAP.
"""

import re

import pytest

pytestmark = [pytest.mark.once, pytest.mark.django_db]
PRIVATE_ADDRESS = re.compile(r"\b(10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+\b")
TRACES = re.compile(r"Traceback|Exception|at 0x[0-9a-f]{6}|OperationalError|DoesNotExist|site-packages|DEBUG = True")
SUSPICIOUS = re.compile(r"\b(TODO|FIXME|XXX|BUG|HACK)\b")
PROOF = r'name="(csrfmiddlewaretoken|token|code)"'  # whoever knows a private code needs no other proof
UNIX_TIME = re.compile(r"\b1[67]\d{8}\b")


def is_html(answer) -> bool:
    return "text/html" in answer.get("Content-Type", "")


def text(answer) -> str:
    return (
        b"".join(answer).decode("utf-8", "replace") if answer.streaming else answer.content.decode("utf-8", "replace")
    )


def without_values(answer) -> str:
    """Return a page without what its fields hold: signed tokens and marks of versions look like times and hashes."""
    return re.sub(r'value="[^"]*"', "", text(answer))


def forms(page: str) -> list[str]:
    return re.findall(r"<form\b.*?</form>", page, re.S | re.I)


RULES = {
    "10010 cookie without HttpOnly": lambda a: [c for c in a.cookies.values() if not c["httponly"] and c.value],
    "10011 cookie without Secure": lambda a: [c for c in a.cookies.values() if not c["secure"]],
    "10015 what is somebody's own may be kept": lambda a: (
        a.cookies and "no-store" not in a.get("Cache-Control", "") and ["cookie in an answer that may be kept"]
    ),
    "10017 script of another host": lambda a: re.findall(r"<script[^>]+src=[\"'](?:https?:)?//", text(a)),
    "10019 no Content-Type": lambda a: a.content and not a.get("Content-Type") and ["none"],
    "10020 framing is not refused": lambda a: "frame-ancestors 'none'" not in a["Content-Security-Policy"] and ["may"],
    "10021 no nosniff": lambda a: a.get("X-Content-Type-Options") != "nosniff" and ["none"],
    "10023, 90022 an error tells of the inside": lambda a: TRACES.findall(text(a)),
    "10027 suspicious comment": lambda a: [c for c in re.findall(r"<!--.*?-->", text(a), re.S) if SUSPICIOUS.search(c)],
    "10032 view state": lambda a: re.findall("__VIEWSTATE", text(a)),
    "10035 no HSTS": lambda a: "max-age=31536000" not in a.get("Strict-Transport-Security", "") and ["none"],
    "10036 version of the server": lambda a: re.findall(r"/\d", a.get("Server", "")),
    "10037 X-Powered-By": lambda a: a.get("X-Powered-By") and ["there"],
    "10038 no policy": lambda a: "default-src 'none'" not in a.get("Content-Security-Policy", "") and ["none"],
    "10040 content over http": lambda a: re.findall(r"<(?:img|script|link|iframe)[^>]+=[\"']http:", text(a)),
    "10041, 10042 a form sends over http": lambda a: re.findall(r"<form[^>]+action=[\"']http:", text(a)),
    "10054 cookie without SameSite": lambda a: [
        c for c in a.cookies.values() if c["samesite"] not in ("Lax", "Strict")
    ],
    "10055 unsafe policy": lambda a: re.findall(r"unsafe-\w+|\*", a["Content-Security-Policy"]),
    "10056 X-Debug-Token": lambda a: a.get("X-Debug-Token") and ["there"],
    "10061 X-AspNet-Version": lambda a: a.get("X-AspNet-Version") and ["there"],
    "10063 no Permissions-Policy": lambda a: not a.get("Permissions-Policy") and ["none"],
    "10096 a time as a number": lambda a: is_html(a) and UNIX_TIME.findall(without_values(a)),
    "10097 a hash is shown": lambda a: is_html(a) and re.findall(r"\b[0-9a-f]{32}\b(?!\.)", without_values(a)),
    "10098 open to other origins": lambda a: a.get("Access-Control-Allow-Origin") and ["open"],
    "10105 sign-in of the protocol": lambda a: a.get("WWW-Authenticate") and ["there"],
    "10109, 10202 a form without anything that proves where it came from": lambda a: [
        form[:90] for form in forms(text(a)) if "post" in form[:200].lower() and not re.search(PROOF, form)
    ],
    "10110 dangerous script": lambda a: (
        re.findall(r"\b(?:eval|innerHTML|document\.write)\b", text(a)) if not is_html(a) else []
    ),
    "2 private address": lambda a: PRIVATE_ADDRESS.findall(text(a)),
    "3 session id in the address": lambda a: re.findall(r"[?&;](?:sessionid|jsessionid|sid)=", text(a)),
    "90003 integrity of a foreign script": lambda a: re.findall(r"<script[^>]+src=[\"']https?:", text(a)),
    "90004 isolation": lambda a: a.get("Cross-Origin-Resource-Policy") != "same-origin" and ["none"],
    "90011 charset": lambda a: is_html(a) and "charset=utf-8" not in a["Content-Type"].lower() and ["none"],
}


def test_no_answer_is_alarming(all_answers):
    alarms = {
        f"{name}: {request}": found
        for name, rule in RULES.items()
        for request, answer in all_answers.items()
        if (found := rule(answer))
    }
    assert sorted(alarms) == [], alarms
