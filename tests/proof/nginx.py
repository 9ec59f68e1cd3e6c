"""Two web servers behind nginx, with the shipped file as it is but for ports and folders."""

import contextlib
import http.client
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time

from tests.proof.live import PATIENCE, ROOT, LiveSite, free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SHIPPED = ROOT / "docs" / "deploy"
TRUSTING = ssl._create_unverified_context()  # noqa: S323 - of a certificate made for the test


class SiteBehindNginx(LiveSite):
    """The shipped proxy with a certificate that it signed itself, in front of two processes of two threads each."""

    def __init__(self, **settings: str):
        self.tls_port, self.plain_port = free_port(), free_port()
        address = f"https://localhost:{self.tls_port}"
        super().__init__(SITE_URL=address, TRUSTED_PROXIES="1", WEB_WORKERS="1", WEB_THREADS="2", **settings)
        self.ports = [free_port(), free_port()]
        self.webs: dict[int, subprocess.Popen] = {}

    def start(self):
        for port in self.ports:
            self.start_web(port)
        for port in self.ports:
            self.wait_until_ready(port)
        self.start_nginx()

    def kill(self):
        for web in self.webs.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(web.pid, signal.SIGKILL)
            web.wait()
        super().kill()  # nginx, which runs where the one server of other tests does

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

    def start_nginx(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", self.folder / "privkey.pem",
             "-out", self.folder / "fullchain.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        (self.folder / "iop.conf").write_text(self.adapted("iop.conf") + self.adapted("iop-upstream.conf"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.log} warn;\n"
            f"events {{ worker_connections 1024; }}\nhttp {{ include {self.folder}/iop.conf; access_log off; }}\n"
        )
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [NGINX, "-p", str(self.folder), "-c", "nginx.conf"], stdout=log, stderr=log, start_new_session=True
            )
        self.wait()

    def adapted(self, name: str) -> str:
        text = (SHIPPED / name).read_text()
        for shipped, here in {
            "443": str(self.tls_port),
            ":80 ": f":{self.plain_port} ",
            " 80 ": f" {self.plain_port} ",
            ":80;": f":{self.plain_port};",
            " 80;": f" {self.plain_port};",
            "guide.example": "localhost",
            "/etc/iop/tls": str(self.folder),
            "/var/log/nginx": str(self.folder),
            "/opt/iop/current": str(ROOT),
            "127.0.0.1:8001": f"127.0.0.1:{self.ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{self.ports[1]}",
        }.items():
            text = text.replace(shipped, here)
        return text

    def connect(self, source="127.0.0.1", timeout: float = 60) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "localhost", self.tls_port, context=TRUSTING, timeout=timeout, source_address=(source, 0)
        )

    def request(self, method, path, body="", timeout=60, headers=()):
        with contextlib.closing(self.connect(timeout=timeout)) as connection:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body or None, form | dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
