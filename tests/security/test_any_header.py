"""Whatever stands in a header that our code reads, the visitor gets an answer, and none that says it was our fault."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as examples, strategies as st

from inquiries.crypto.tokens import SubmissionKey
from tests.factories import staff_in
from tests.wire import FORM, PEER, Refused, Site, request

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 250

# What a web server lets through in a header: every character of Latin-1 but the controls.
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
token = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ!$%&'*+-.^_|~0123456789", min_size=3, max_size=20)
octets = st.binary(max_size=40).map(lambda data: "".join(f"%{octet:02x}" for octet in data))


def made_of(*pieces: str):
    """Return texts that look like a header in which something is wrong."""
    odd = st.sampled_from([",", ";", "=", '"', " ", "\t", "", "...", "²", "½", "é", "-1", "9" * 5000, "nan"])
    return st.one_of(latin, st.lists(st.one_of(st.sampled_from(pieces), odd), min_size=1, max_size=8).map("".join))


HEADERS = {
    "HTTP_ACCEPT_ENCODING": made_of("br;q=", "gzip;q=", "*;q=", "br", "0", "0.5", "1e9"),
    "HTTP_COOKIE": made_of("sessionid=", "csrftoken=", "desk_owner=", "desk_known=", "x" * 32, "1:a:b", "\\054", "%00"),
    "HTTP_HOST": made_of("127.0.0.1", ":8000", ":", "[::1]", "[", "]", "@", ".", "evil.example", "xn--", ":99999999"),
    "HTTP_IF_NONE_MATCH": made_of("*", "W/", '"a"', '"', "w/", "a" * 20),
    "HTTP_ORIGIN": made_of("null", "http://", "https://", "127.0.0.1:8000", "[", "]", "//", ":"),
    "HTTP_SEC_FETCH_DEST": made_of("document", "empty"),
    "HTTP_SEC_FETCH_MODE": made_of("navigate", "cors"),
    "HTTP_SEC_FETCH_SITE": made_of("same-origin", "cross-site", "none"),
    "HTTP_USER_AGENT": made_of("Mozilla/5.0 (", "Firefox/", "999", ")", "Android"),
    "HTTP_X_FORWARDED_FOR": made_of("1.2.3.4", "[::1]", ":80", "fe80::1%eth0", "::ffff:1.2.3.4", "1.2.3", "no", ":"),
    "HTTP_X_FORWARDED_PROTO": made_of("http", "https", "HTTPS", "wss"),
    "CONTENT_LENGTH": made_of("0", "5", "1000001", "+1", "1_0"),
    "CONTENT_TYPE": made_of(FORM, "multipart/form-data", "; boundary=", "; charset=", "utf-8")
    | made_of("application/json", "text/", "/", "; x*=rot13''x", "boundary*0=", "a" * 300, "utf-7", "rot13"),
}  # fmt: skip
# What stands in the request line, or is known of the connection.
AROUND = {
    "PATH_INFO": st.one_of(octets.map("/{}".format), made_of("admin", "/", "//", "..", "%2f", "es", "%00").map(str)),
    "QUERY_STRING": st.one_of(octets, made_of("q=", "next=", "%00", "&", "p=9999999999999999999999", "%ff", "code=")),
    "REQUEST_METHOD": st.one_of(token, st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "TRACE"])),
    "REMOTE_ADDR": st.sampled_from(["127.0.0.1", "::1", "fe80::1%eth0", "", "2001:db8::1", "::ffff:10.0.0.1", "é"]),
}
told_headers = st.sets(st.sampled_from([*HEADERS, *AROUND]), min_size=1, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: (HEADERS | AROUND)[name] for name in sorted(names)})
)
# By what of a request each is read without its name.
BY_ANOTHER_NAME = {
    "get_host": "HTTP_HOST",
    "COOKIES": "HTTP_COOKIE",
    "get_signed_cookie": "HTTP_COOKIE",
    "content_type": "CONTENT_TYPE",
    "content_params": "CONTENT_TYPE",
    "is_secure": "HTTP_X_FORWARDED_PROTO",
    "scheme": "HTTP_X_FORWARDED_PROTO",
    "path_info": "PATH_INFO",
    "get_full_path": "PATH_INFO",
    "GET": "QUERY_STRING",
    "method": "REQUEST_METHOD",
}
VARIABLE = re.compile(
    r"HTTP_[A-Z_]+|CONTENT_(LENGTH|TYPE)|PATH_INFO|QUERY_STRING|RE(QUEST|MOTE|DIRECT)_[A-Z]+|S[A-Z]+_NAME"
)
TOLD = {"META", "environ", "headers", "told"}  # what a header is read from

# Requests that each get through to the code that reads headers, with what their form holds.
ASKED = ["GET /", "GET /ask/me/", "POST /ask/me/", "POST /status/", "GET /admin/", "GET /admin/inquiries/inquiry/"]
ASKED += ["POST /admin/login/", "GET /leave/", "GET /favicon.ico", "GET /healthz", "GET /readyz", "GET /nowhere/"]
ASKED += ["GET /search/?q=cost", "GET /admin/login/?next=/admin/"]


def sources():
    apps = (ROOT / app for app in ("iop_site", "inquiries", "programs"))
    return [ROOT / "gunicorn.conf.py", *(path for app in apps for path in app.rglob("*.py"))]


def is_told(node) -> bool:
    """Whether an expression is the environment or the headers of a request."""
    if isinstance(node, ast.Attribute):
        return node.attr in TOLD and getattr(node.value, "id", "") not in ("response", "resp", "os")
    return getattr(node, "id", "") in TOLD - {"headers"}  # by itself that name stands for those of an answer


def key_read(node):
    """Return the expression by which ``node`` looks something up in the environment or the headers, if it does."""
    if isinstance(node, ast.Subscript) and is_told(node.value) and isinstance(node.ctx, ast.Load):
        return node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_told(node.func.value):
        return node.args[0] if node.func.attr in ("get", "pop", "setdefault") and node.args else None
    return None


def names_read(path: Path) -> set[str]:
    """Return the variables of a request, as WSGI names them, that a file reads."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value):
            found.add(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in BY_ANOTHER_NAME:
            found.add(BY_ANOTHER_NAME[node.attr])
        key = key_read(node)
        if key is None:
            continue
        assert isinstance(key, ast.Constant), f"{path}:{node.lineno}: a header is read whose name nobody can see"
        if not VARIABLE.fullmatch(key.value) and "." not in key.value:  # what is of WSGI itself has a dot
            name = key.value.upper().replace("-", "_")
            found.add(name if VARIABLE.fullmatch(name) else f"HTTP_{name}")
    return found


def test_every_header_that_our_code_reads_is_among_the_generated_ones():
    read = set().union(*map(names_read, sources()))
    assert read == {*HEADERS, *AROUND}, "give the new header a strategy in HEADERS; take away one that nobody reads"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('request.META["HTTP_X_NEW"]', {"HTTP_X_NEW"}),
        ('request.headers.get("X-New")', {"HTTP_X_NEW"}),
        ('environ.get("CONTENT_TYPE", "")', {"CONTENT_TYPE"}),
        ('response.headers["X-New"]', set()),
        ('request.headers["origin"]', {"HTTP_ORIGIN"}),
        ('request.headers.get("Content-Type")', {"CONTENT_TYPE"}),
        ("request.get_host()", {"HTTP_HOST"}),
    ],
)
def test_a_new_header_is_found_however_it_is_read(tmp_path, source, names):
    (tmp_path / "new.py").write_text(source)
    assert names_read(tmp_path / "new.py") == names


def test_a_header_cannot_be_read_by_a_name_that_is_worked_out(tmp_path):
    (tmp_path / "new.py").write_text("request.META[name]")
    with pytest.raises(AssertionError, match="nobody can see"):
        names_read(tmp_path / "new.py")


def wire_name(variable: str) -> str:
    return variable.removeprefix("HTTP_").replace("_", "-").title()


def form() -> bytes:
    return f"token={SubmissionKey.new().token()}&step=check&name=Rosa&code=1&username=x&password=y".encode()


def as_bytes(asked: str, told: dict[str, str], cookie: str) -> bytes:
    """Return one of the requests with generated headers in place of its own."""
    method, address = asked.split()
    path, _mark, query = address.partition("?")
    path, query = told.get("PATH_INFO", path), told.get("QUERY_STRING", query)
    path, query = path if path.startswith("/") else f"/{path}", query and f"?{query}"
    address = "".join(c if "!" <= c <= "~" else f"%{ord(c):02x}" for c in path + query)
    headers = {wire_name(name): value for name, value in told.items() if name in HEADERS}
    if "/admin/" in path:
        headers = {"Cookie": cookie, **headers}
    return request(told.get("REQUEST_METHOD", method), address, headers, form() if method == "POST" else None)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["rot13", "hex", "utf-7", "utf-16", "idna", "nonsense", "utf-8", ""])
@pytest.mark.parametrize("path", ["/search/?q=cost", "/es/buscar/?q=costo", "/admin/login/?next=%2Fadmin%2F"])
def test_no_charset_of_a_request_without_a_body_matters(guide, path, charset):
    told = {"Content-Type": f"text/plain; charset={charset}"}
    status, page = Site().answer(request("GET", path, told))
    assert status == 200 and re.search("cost|/admin/", page.partition("<main")[2])


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 2])
def test_no_header_brings_an_empty_answer_or_a_fault(client, guide, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
    client.force_login(staff_in("Supervisor"))
    site, cookie = Site(), f"sessionid={client.cookies['sessionid'].value}"
    counted = {"seen": 0, "refused": 0}

    def ask(asked, told):
        try:
            status, answer = site.answer(as_bytes(asked, told, cookie), (told.get("REMOTE_ADDR", PEER[0]), 50_000))
        except Refused:
            counted["refused"] += 1
            return
        counted["seen"] += 1
        assert 200 <= status < 500 and answer.startswith("HTTP/1.1 "), (asked, told)

    @given(asked=st.sampled_from(ASKED), told=told_headers)
    @examples(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def run(asked, told):
        ask("GET /", told)  # the memory of pages has it
        ask(asked, told)

    run()
    assert counted["seen"] > EXAMPLES, counted  # of two for each example
