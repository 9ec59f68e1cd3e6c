"""No pattern of ours takes more than linear time, whatever a stranger sends: only a hang fails here."""

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

import inquiries
import iop_site
import programs

pytestmark = pytest.mark.once

LONG = 100_000  # characters, far beyond what any field takes
HOSTILE = ["a", " ", "0", "-", ".", "@", "<", "(", "/", "a.", "1 ", "a@", "%", "é", "=;", "v1:"]
PATIENCE = 120  # seconds for all of them together; one that is quadratic needs hours
SKIP = ("migrations", "management", "settings", "wsgi", "demo")


def patterns() -> dict[str, str]:
    """Return every pattern that a module of ours compiled, by the place where it stands."""
    found = {}
    for app in (inquiries, iop_site, programs):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if not any(part in module.name for part in SKIP):
                for name, value in vars(importlib.import_module(module.name)).items():
                    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                        found[f"{module.name}.{name}"] = value
    return found


def test_every_pattern_ends_on_hostile_text():
    found = patterns()
    assert len(found) > 15
    asked = [(pattern.pattern, pattern.flags & ~re.UNICODE) for pattern in found.values()]
    program = f"""
import re
for text, flags in {asked!r}:
    pattern = re.compile(text, flags)
    for start in {HOSTILE!r}:
        words = start * ({LONG} // len(start))
        for end in ("", "!", chr(0)):
            for ask in (pattern.match, pattern.fullmatch):
                ask(words + end)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)
