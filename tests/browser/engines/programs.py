"""Starting Debian's three browsers, each with a profile of its own that goes when it ends.

None of them may look up or fetch anything but the site under test.
"""

import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.engines.protocol import OverHttp, OverMarionette

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MINI_BROWSER = next((str(path) for path in sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)
# What each engine needs: the program, and Debian's package of it.
NEEDS = {
    "chromium": [(CHROMIUM, "chromium"), (shutil.which("chromedriver"), "chromium-driver")],
    "firefox": [(shutil.which("firefox-esr"), "firefox-esr")],
    "webkit": [
        (MINI_BROWSER and shutil.which("WebKitWebDriver"), "webkit2gtk-driver"),
        (shutil.which("Xvfb"), "xvfb"),
    ],
}
PATIENCE = 60  # seconds for a program to be ready
NOWHERE = 9  # the port "discard": nothing listens there
COMMON = {"acceptInsecureCerts": True, "unhandledPromptBehavior": "accept", "pageLoadStrategy": "none"}


@dataclass(frozen=True)
class Options:
    """How a browser is set up: with or without script and whole pages kept for Back, by day or by night."""

    javascript: bool = True
    keeps_pages: bool = True
    dark: bool = False


def missing(engine: str) -> list[str]:
    """Debian's names of what this machine lacks for an engine."""
    return [package for program, package in NEEDS[engine] if not program]


@contextmanager
def running(command: list[str], **environment: str):
    """A program with a group of its own, so that what it started ends with it."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **environment}, process_group=0, **quiet)
    try:
        yield process
    finally:
        end_group(process)


def end_group(process: subprocess.Popen):
    for signal in (15, 9):
        try:
            os.killpg(process.pid, signal)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_true, what: str):
    end = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} was not ready after {PATIENCE} seconds")
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def chromium(options: Options):
    arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
    arguments += ["--disable-background-networking", "--disable-component-update"]
    arguments.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
    arguments += [] if os.getuid() else ["--no-sandbox"]  # it refuses to run as root with it
    arguments += [] if options.keeps_pages else ["--disable-features=BackForwardCache"]
    arguments += ["--force-prefers-reduced-motion", f"--blink-settings=preferredColorScheme={0 if options.dark else 1}"]
    script = {} if options.javascript else {"profile.managed_default_content_settings.javascript": 2}
    own = {"binary": CHROMIUM, "args": arguments, "prefs": script}
    port = free_port()
    with running(["chromedriver", f"--port={port}"]):
        wait_until(lambda: listens(port), "chromedriver")
        wire = OverHttp(port, {**COMMON, "goog:chromeOptions": own})
        try:
            yield wire
        finally:
            wire.end()


@contextmanager
def firefox(options: Options):
    preferences = {
        "marionette.port": 0,  # any free one, which it writes into its profile
        "javascript.enabled": options.javascript,
        "browser.sessionhistory.max_total_viewers": -1 if options.keeps_pages else 0,
        "ui.prefersReducedMotion": 1,
        "layout.css.prefers-color-scheme.content-override": 0 if options.dark else 1,
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": NOWHERE,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": NOWHERE,
    }
    lines = [f"user_pref({dumps(name)}, {dumps(value)});" for name, value in preferences.items()]
    with TemporaryDirectory(prefix="iop-firefox-", ignore_cleanup_errors=True) as folder:
        Path(folder, "user.js").write_text("\n".join(lines))
        command = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
        with running([*command, "--profile", folder], HOME=folder, MOZ_HEADLESS="1"):
            told = Path(folder, "MarionetteActivePort")
            wait_until(lambda: told.exists() and told.read_text(), "Firefox")
            yield OverMarionette(int(told.read_text()), COMMON)


@contextmanager
def screen():
    """A display that nobody sees, for the one browser that cannot do without; its number is the answer."""
    reader, writer = os.pipe()
    try:
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
        process = subprocess.Popen(
            command, pass_fds=[writer], process_group=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        yield f":{number}"
    finally:
        end_group(process)


@contextmanager
def webkit(options: Options):
    arguments = ["--automation"]
    arguments += [] if options.javascript else ["--enable-javascript-markup=false"]
    arguments += [] if options.keeps_pages else ["--enable-page-cache=false"]
    own = {"binary": MINI_BROWSER, "args": arguments}
    port = free_port()
    with ExitStack() as stack:
        display = stack.enter_context(screen())
        folder = stack.enter_context(TemporaryDirectory(prefix="iop-webkit-", ignore_cleanup_errors=True))
        still = {"DISPLAY": display, "HOME": folder, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        still |= {"WEBKIT_DISABLE_COMPOSITING_MODE": "1", "NO_AT_BRIDGE": "1"}
        if options.dark:
            still["GTK_THEME"] = "Adwaita:dark"
        if os.getuid() == 0:
            still["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"  # its sandbox wants rights that a container lacks
        stack.enter_context(running(["WebKitWebDriver", f"--port={port}"], **still))
        wait_until(lambda: listens(port), "WebKitWebDriver")
        wire = OverHttp(port, {**COMMON, "webkitgtk:browserOptions": own})
        try:
            yield wire
        finally:
            wire.end()


ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


class Browsers:
    """The browsers that tests asked for, each started when it is first wanted and kept till the end."""

    def __init__(self):
        self.stack = ExitStack()
        self.wires = {}

    def wire(self, engine: str, options: Options):
        if (engine, options) not in self.wires:
            self.wires[engine, options] = self.stack.enter_context(ENGINES[engine](options))
        return self.wires[engine, options]

    def end(self):
        self.stack.close()
