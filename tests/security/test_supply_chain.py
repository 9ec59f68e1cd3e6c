"""What the site is made of is pinned by hash, listed, and fits together."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.M)


def pins() -> set[tuple[str, str]]:
    found = [pin for lock in LOCKS for pin in PIN.findall((ROOT / lock).read_text("utf-8"))]
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found}


def test_every_package_is_pinned_with_its_hashes():
    for lock in LOCKS:
        text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text("utf-8"))
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
        assert "--index-url" not in text and "--find-links" not in text


def test_the_list_of_parts_is_that_of_the_locks():
    document = json.loads((ROOT / "sbom.json").read_text("utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    assert {(part["name"], part["version"]) for part in document["components"]} == pins(), "run: make sbom"
    licences = (ROOT / "docs/licences.md").read_text("utf-8")
    assert [name for name, version in pins() if f"| {name} | {version} |" not in licences] == [], "run: make sbom"


def test_the_installed_packages_fit_together():
    check = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
