"""The shipped proxy, with its files as they are but for ports and folders, before the site or before a stand-in."""

import contextlib
import http.client
import os
import re
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.proof.live import PATIENCE, ROOT, LiveSite, free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SHIPPED = ROOT / "docs" / "deploy"
PLACES = {  # in the folder of nginx.conf: where the recipe puts each file
    "iop.conf": "conf.d",
    "iop-upstream.conf": "conf.d",
    "nginx.conf": ".",
    "iop-headers.conf": ".",
    "iop-answers.conf": ".",
}
TRUSTING = ssl._create_unverified_context()  # noqa: S323 - of a certificate made for the test


@cache
def certificate() -> bytes:
    """Return a key and the certificate of ``localhost`` that it signed itself, one for the whole run."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        return certificate.read_bytes() + key.read_bytes()


class Proxy:
    """nginx, under a certificate that signed itself, in a folder of its own, before web servers at ``ports``."""

    def __init__(self, extra: str = "", **changes: str):
        self.tls_port, self.plain_port = free_port(), free_port()
        self.extra = extra  # more lines for the http block
        self.changes = changes  # other values of directives, by name

    def start(self, folder: Path, ports: list[int], log_file: Path) -> subprocess.Popen:
        self.folder, self.ports = folder, ports
        (folder / "both.pem").write_bytes(certificate())
        for name, place in PLACES.items():
            (folder / place).mkdir(exist_ok=True)
            (folder / place / name).write_text(self.adapted(name))
        (folder / "conf.d" / "extra.conf").write_text(self.extra)
        shutil.copy("/etc/nginx/mime.types", folder)
        with log_file.open("ab") as log:
            return subprocess.Popen(
                [NGINX, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"],
                stdout=log, stderr=log, start_new_session=True, preexec_fn=as_a_service,
            )  # fmt: skip

    def adapted(self, name: str) -> str:
        text = (SHIPPED / name).read_text()
        for shipped, here in {
            "443": str(self.tls_port),
            ":80 ": f":{self.plain_port} ",
            " 80 ": f" {self.plain_port} ",
            ":80;": f":{self.plain_port};",
            " 80;": f" {self.plain_port};",
            "guide.example": "localhost",
            "/etc/iop/tls/fullchain.pem": str(self.folder / "both.pem"),
            "/etc/iop/tls/privkey.pem": str(self.folder / "both.pem"),
            "/etc/nginx": str(self.folder),
            "/run/nginx.pid": str(self.folder / "nginx.pid"),
            "/var/log/nginx": str(self.folder),
            "/opt/iop/current": str(ROOT),
            "127.0.0.1:8001": f"127.0.0.1:{self.ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{self.ports[1]}",
        }.items():
            text = text.replace(shipped, here)
        for directive, value in self.changes.items():
            text = re.sub(rf"\b{directive} [^;]+;", f"{directive} {value};", text)
        return text

    def connect(self, source="127.0.0.1", timeout: float = 60) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "localhost", self.tls_port, context=TRUSTING, timeout=timeout, source_address=(source, 0)
        )

    def answer(self, method, path, body="", headers=(), **where) -> tuple[http.client.HTTPResponse, str]:
        """Send one request on a connection of its own; return the answer and its text."""
        with contextlib.closing(self.connect(**where)) as connection:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body or None, form | dict(headers))
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8", "replace")


def as_a_service():
    """Take the file handles that systemd gives a service unless somebody asks for more."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


class SiteBehindNginx(LiveSite):
    """Two processes of two threads each behind the shipped proxy."""

    def __init__(self, **settings: str):
        self.proxy = Proxy()
        self.tls_port, self.plain_port = self.proxy.tls_port, self.proxy.plain_port
        address = f"https://localhost:{self.tls_port}"
        super().__init__(SITE_URL=address, TRUSTED_PROXIES="1", WEB_WORKERS="1", WEB_THREADS="2", **settings)
        self.ports = [free_port(), free_port()]
        self.webs: dict[int, subprocess.Popen] = {}

    def start(self):
        for port in self.ports:
            self.start_web(port)
        for port in self.ports:
            self.wait_until_ready(port)
        self.server = self.proxy.start(self.folder, self.ports, self.log)  # where the one server of other tests runs
        self.wait()

    def kill(self):
        for web in self.webs.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(web.pid, signal.SIGKILL)
            web.wait()
        super().kill()

    def start_web(self, port: int):
        with self.log.open("ab") as log:
            self.webs[port] = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "iop_site.wsgi"],
                cwd=ROOT, env=self.environment | {"PORT": str(port)}, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def restart_web(self, port: int):
        """Do what recipe "Upgrade" does: stop one gracefully, start the new one, and wait until it is ready."""
        self.webs[port].send_signal(signal.SIGTERM)
        self.webs[port].wait(PATIENCE)
        self.start_web(port)
        self.wait_until_ready(port)

    def wait_until_ready(self, port: int):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.suppress(OSError), contextlib.closing(connection):
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready; the log ends: {self.log.read_text()[-2000:]}")

    def request(self, method, path, body="", timeout=60, headers=()):
        answer, text = self.proxy.answer(method, path, body, headers, timeout=timeout)
        return answer.status, text


class StandIn(BaseHTTPRequestHandler):
    """Answers everything with a word; hangs up on what names ``/hang-up``, and keeps ``/hold`` until it is let go."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.seen.append(f"{self.command} {self.path}")
        if "/hang-up" in self.path:
            self.close_connection = True
            return
        if "/hold" in self.path:
            self.server.let_go.wait(PATIENCE)
        with contextlib.suppress(ConnectionError):  # whoever asked may have gone
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"well")

    do_GET = do_POST = answer  # names of the library

    def log_message(self, *_):
        pass


class StandInBehindNginx(Proxy):
    """The shipped proxy before two stand-ins for the site: what is to be seen is the proxy alone.

    An address in ``X-Test-Address`` is taken for the visitor's, as a proxy in front would tell it.
    """

    def __init__(self, **changes: str):
        super().__init__("set_real_ip_from 127.0.0.0/8; real_ip_header X-Test-Address;", **changes)
        self.seen: list[str] = []  # method and path of what reached a stand-in
        self.let_go = threading.Event()

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="iop-nginx-"))
        self.folder.chmod(0o755)
        self.webs = [ThreadingHTTPServer(("127.0.0.1", 0), StandIn) for _ in range(2)]
        for web in self.webs:
            web.seen, web.let_go = self.seen, self.let_go
            threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
        for _ in range(3):  # a port can be taken between finding and using it
            self.process = self.start(self.folder, [web.server_port for web in self.webs], self.folder / "log")
            if self.answers():
                return self
            self.tls_port, self.plain_port = free_port(), free_port()
        raise AssertionError(f"nginx did not start: {(self.folder / 'log').read_text()}")

    def answers(self) -> bool:
        """Wait until nginx answers; False if it ended instead."""
        while self.process.poll() is None:
            with contextlib.suppress(OSError):
                return self.answer("GET", "/", timeout=PATIENCE)[0].status == 200
            time.sleep(0.05)
        return False

    def __exit__(self, *error):
        self.let_go.set()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for web in self.webs:
            web.shutdown()
            web.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)
