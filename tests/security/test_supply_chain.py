"""What the site is made of is pinned by hash, listed, and fits together."""

import ast
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements-run.txt", "requirements.txt", "requirements-dev.txt")
PRODUCT = ("iop_site", "programs", "inquiries", "manage.py", "gunicorn.conf.py")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.M)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(*locks: str) -> set[tuple[str, str]]:
    found = [pin for lock in locks or LOCKS for pin in PIN.findall((ROOT / lock).read_text("utf-8"))]
    return {(plain(name), version) for name, version in found}


def lines(lock: str) -> list[str]:
    """What pip reads of a lock file: each package with its hashes as one line."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text("utf-8"))
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def imported() -> set[str]:
    """The first word of every import in the product."""
    sources = [path for name in PRODUCT for path in [*(ROOT / name).rglob("*.py"), ROOT / name] if path.is_file()]
    nodes = [node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_every_package_is_pinned_with_its_hashes():
    for lock in LOCKS:
        text = (ROOT / lock).read_text("utf-8")
        assert [line[:60] for line in lines(lock) if "==" not in line or "--hash=sha256:" not in line] == []
        assert "--index-url" not in text and "--find-links" not in text


def test_a_server_installs_a_part_of_what_was_tested_and_no_tool_of_the_tests():
    assert set(lines("requirements-run.txt")) < set(lines("requirements.txt")), "run: make lock"
    _, _, for_tests = (ROOT / "requirements.in").read_text("utf-8").partition("# What the tests")
    tools = {plain(name) for name in re.findall(r"^[A-Za-z][\w.-]*", for_tests, re.M)} | {"pytest", "coverage"}
    assert "pytest-django" in tools and not tools & {name for name, _ in pins("requirements-run.txt")}
    for path in ("Dockerfile", ".dockerignore", "docs/operations.md"):
        assert set(re.findall(r"requirements[\w-]*\.txt", (ROOT / path).read_text("utf-8"))) == {"requirements-run.txt"}


def test_the_product_imports_nothing_that_a_server_does_not_install():
    installed, names = packages_distributions(), {name for name, _ in pins("requirements-run.txt")}
    packages = {name: {plain(part) for part in installed[name]} for name in imported() if name in installed}
    assert {"django", "gunicorn", "psycopg2"} <= set(packages)
    assert {name for name, parts in packages.items() if not parts & names} == set()


def test_the_list_of_parts_is_that_of_the_locks():
    document = json.loads((ROOT / "sbom.json").read_text("utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    assert {(part["name"], part["version"]) for part in document["components"]} == pins(), "run: make sbom"
    licences = (ROOT / "docs/licences.md").read_text("utf-8")
    assert [name for name, version in pins() if f"| {name} | {version} |" not in licences] == [], "run: make sbom"


def test_the_installed_packages_fit_together():
    check = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
