"""What a test does with a page, the same in every engine.

Selectors are CSS. Whatever the page does later is waited for by a condition, never by a number of seconds.
"""

import base64
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser.engines.protocol import DriverError

PATIENCE = 15  # seconds until a condition has to be true
POLL = 0.05
# What a keyboard sends by these names (https://www.w3.org/TR/webdriver2/#keyboard-actions).
KEYS = {
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
    "Backspace": "\ue003",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}
REFERENCE = "element-6066-11e4-a52e-4f735466cecf"  # the standard's key of a reference to an element
HAS_SIZE = "innerHeight === arguments[1] && innerWidth >= arguments[0] && innerWidth <= Math.max(arguments[0], 450)"
TO_THE_MIDDLE = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"
CALL = "const it = (EXPRESSION); return typeof it === 'function' ? it(...arguments) : it"
FIND_LABEL = "const box = document.querySelector(arguments[0]); return box.checked ? null : box.labels[0] ?? box"


class Page:
    """One tab. ``origin`` stands before every path that ``goto`` is given."""

    def __init__(self, wire, origin: str = ""):
        self.wire = wire
        self.origin = origin

    # To other pages

    def goto(self, address: str):
        """Open a path of the site, or a full address, and wait until it has loaded."""
        with self.arriving():
            self.wire.send("Navigate", url=address if "://" in address else self.origin + address)

    def back(self):
        self.wire.send("Back")

    def forward(self):
        self.wire.send("Forward")

    def reload(self):
        self.wire.send("Refresh")

    @contextmanager
    def arriving(self):
        """What is done inside leads to another page: wait until that one stands there whole."""
        before = self.evaluate("performance.timeOrigin")
        yield
        self.wait_for("performance.timeOrigin !== arguments[0] && document.readyState === 'complete'", before)

    # What a person does

    def fill(self, selector: str, text: str):
        element = self.find(selector)
        self.wire.send("ElementClear", id=element)
        self.wire.send("ElementSendKeys", id=element, text=text)

    def type(self, selector: str, text: str):
        """Type after what is in the field already."""
        self.wire.send("ElementSendKeys", id=self.find(selector), text=text)

    def click(self, selector: str, holding: str = ""):
        """Press the first control that fits, with the named key held down if one is given."""
        if holding:
            self.act({"type": "keyDown", "value": KEYS[holding]})
        self.wire.send("ElementClick", id=self.find(selector))
        if holding:
            self.act({"type": "keyUp", "value": KEYS[holding]})

    def check(self, selector: str):
        """Choose a box or a radio button by its label, as one does who sees only that."""
        label = self.wire.send("ExecuteScript", script=FIND_LABEL, args=[selector])
        if label:
            self.wire.send("ElementClick", id=self.in_view(label))

    def press(self, *chords: str):
        """Press keys one after the other where the focus is; ``Shift+a`` holds one down while the other is pressed."""
        actions = []
        for chord in chords:
            keys = [KEYS.get(key, key) for key in chord.split("+")]
            actions += [{"type": "keyDown", "value": key} for key in keys]
            actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self.act(*actions)

    def act(self, *actions: dict):
        self.wire.send("PerformActions", actions=[{"type": "key", "id": "keys", "actions": list(actions)}])

    # What it shows

    def evaluate(self, expression: str, *arguments):
        """Return what a JavaScript expression is in the page, or what a function returns, as playwright does.

        It works also where the page itself may run no script.
        """
        return self.wire.send("ExecuteScript", script=CALL.replace("EXPRESSION", expression), args=list(arguments))

    def wait_for_load_state(self):
        self.wait_for("document.readyState === 'complete'")

    @property
    def url(self) -> str:
        return self.wire.send("GetCurrentURL")

    def text(self, selector: str = "body") -> str:
        return self.evaluate("document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def value(self, selector: str) -> str | None:
        """What stands in a field; None where there is no such field."""
        return self.evaluate("document.querySelector(arguments[0])?.value ?? null", selector)

    def wait_for(self, condition: str, *arguments, patience: float = PATIENCE):
        """Wait until a JavaScript condition is true, whatever pages come in between, and return its value."""
        end = time.monotonic() + patience
        while True:
            try:
                if value := self.evaluate(condition, *arguments):
                    return value
            except DriverError:  # between two pages there is none to ask
                pass
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {condition} {arguments} at {self.url}")
            time.sleep(POLL)

    def resize(self, width: int, height: int):
        """Make the page as large as that; WebKit's own window is never narrower than 450 pixels."""
        for _try in range(10):  # WebKit tells the size of before until its window has followed
            self.wire.resize(width, height)
            with suppress(TimeoutError):
                return self.wait_for(HAS_SIZE, width, height, patience=1)
        raise TimeoutError(f"never {width} by {height}")

    def set_cookie(self, name: str, value: str):
        self.wire.send("AddCookie", cookie={"name": name, "value": value, "path": "/"})

    def screenshot(self, path: Path):
        path.write_bytes(base64.b64decode(self.wire.send("TakeScreenshot")))

    def find(self, selector: str) -> str:
        return self.in_view(self.wire.send("FindElement", using="css selector", value=selector))

    def in_view(self, element: dict) -> str:
        """Bring it to the middle of the window: WebKit's driver does nothing with what lies at the edge."""
        self.wire.send("ExecuteScript", script=TO_THE_MIDDLE, args=[element])
        return element[REFERENCE]


@contextmanager
def new_page(wire, origin: str = ""):
    """A tab with an empty history, closed at the end; the tab that the browser began with stays, or it would end."""
    first = wire.send("GetWindowHandle")
    wire.send("SwitchToWindow", handle=wire.send("NewWindow", type="tab")["handle"])
    try:
        yield Page(wire, origin)
    finally:
        wire.send("ReleaseActions")
        wire.send("DeleteAllCookies")
        wire.send("CloseWindow")
        wire.send("SwitchToWindow", handle=first)
