"""WebDriver commands over the two wires that Debian's browsers speak.

Commands bear the names of Firefox's Marionette, which are those of the standard (https://www.w3.org/TR/webdriver2/).
Chromium's and WebKit's drivers take the same ones over HTTP, which Debian ships; its Firefox comes without a driver
and is spoken to directly.
"""

import json
import socket
from http.client import HTTPConnection

PATIENCE = 60  # seconds for one command: the machine may be busy, but a test must not hang for ever
LOST = 5  # seconds after which a question to a page is lost: WebKit forgets it when the page goes in that moment

# What each command is over HTTP; names in braces are taken out of its parameters.
ADDRESSES = {
    "Navigate": "POST /url",
    "GetCurrentURL": "GET /url",
    "Back": "POST /back",
    "Forward": "POST /forward",
    "Refresh": "POST /refresh",
    "GetWindowHandle": "GET /window",
    "GetWindowHandles": "GET /window/handles",
    "NewWindow": "POST /window/new",
    "SwitchToWindow": "POST /window",
    "CloseWindow": "DELETE /window",
    "SetWindowRect": "POST /window/rect",
    "FindElement": "POST /element",
    "ElementClick": "POST /element/{id}/click",
    "ElementClear": "POST /element/{id}/clear",
    "ElementSendKeys": "POST /element/{id}/value",
    "ExecuteScript": "POST /execute/sync",
    "ExecuteAsyncScript": "POST /execute/async",
    "PerformActions": "POST /actions",
    "ReleaseActions": "DELETE /actions",
    "AddCookie": "POST /cookie",
    "DeleteAllCookies": "DELETE /cookie",
    "TakeScreenshot": "GET /screenshot",
    "SetTimeouts": "POST /timeouts",
    "AcceptAlert": "POST /alert/accept",
    "Cdp": "POST /goog/cdp/execute",  # Chromium's own
}

SIZE_OF_PAGE = """
    const { style } = gBrowser.selectedBrowser;
    style.flex = "none";
    style.width = style.minWidth = style.maxWidth = arguments[0];
    style.height = style.minHeight = style.maxHeight = arguments[1];
"""


class DriverError(Exception):
    """What a browser answered in place of a value; ``code`` is the standard's name of it."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code


class OverHttp:
    """A session of a driver that listens on a port of this machine."""

    def __init__(self, port: int, capabilities: dict):
        self.port = port
        asked = {"capabilities": {"alwaysMatch": capabilities}}
        self.session = f"/session/{self.ask('POST', '/session', asked)['sessionId']}"

    def send(self, command: str, **parameters):
        method, _, path = ADDRESSES[command].partition(" ")
        patience = LOST if command == "ExecuteScript" else PATIENCE
        return self.ask(method, self.session + path.format(**parameters), parameters, patience)

    def ask(self, method: str, path: str, parameters: dict, patience: float = PATIENCE):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        body = json.dumps(parameters) if method == "POST" else None
        try:
            connection.request(method, path, body, {"Content-Type": "application/json; charset=utf-8"})
            value = json.load(connection.getresponse())["value"]
        except TimeoutError as error:
            raise DriverError("timeout", path) from error
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value and "message" in value:
            raise DriverError(value["error"], value["message"])
        return value

    def resize(self, width: int, height: int):
        """Make the window so large that the page in it has this size."""
        around = [0, 0]
        for _once_with_and_once_without_its_frame in range(2):
            self.send("SetWindowRect", width=width + around[0], height=height + around[1])
            inner = self.send("ExecuteScript", script="return [innerWidth, innerHeight]", args=[])
            around = [width - inner[0], height - inner[1]]

    def end(self):
        self.ask("DELETE", self.session, {})


class OverMarionette:
    """A session of a Firefox that listens on a port of this machine: JSON with its length in front."""

    def __init__(self, port: int, capabilities: dict):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.incoming = self.socket.makefile("rb")
        self.count = 0
        self.receive()  # its greeting
        self.send("NewSession", capabilities={"alwaysMatch": capabilities})

    def send(self, command: str, **parameters):
        self.count += 1
        message = json.dumps([0, self.count, self.full_name(command), parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _kind, _count, error, value = self.receive()
        if error:
            raise DriverError(error["error"], error["message"])
        return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value

    def full_name(self, command: str) -> str:
        return command if ":" in command else f"WebDriver:{command}"

    def receive(self) -> list:
        length = b""
        while not length.endswith(b":"):
            byte = self.incoming.read(1)
            if not byte:
                raise DriverError("disconnected", "Firefox has ended")
            length += byte
        return json.loads(self.incoming.read(int(length[:-1])))

    def resize(self, width: int, height: int):
        """Make the page this size inside its window, which itself is never narrower than 500 pixels."""
        self.send("SetWindowRect", width=max(width, 500), height=height + 200)
        self.send("Marionette:SetContext", value="chrome")
        self.send("ExecuteScript", script=SIZE_OF_PAGE, args=[f"{width}px", f"{height}px"])
        self.send("Marionette:SetContext", value="content")

    def end(self):
        self.send("DeleteSession")
        self.socket.close()
