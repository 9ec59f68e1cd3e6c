"""The documents name what is there: a moved table or a renamed test must not take a proof away unseen."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md"), ROOT / "benchmarks/README.md"]
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FILE = re.compile(r"`(?:tests/)?([a-z_]+/test_\w+\.py)(?:::(\w+))?")
FAULTS = (ROOT / "docs/evidence/reliability.md").read_text("utf-8")


def anchors(page: Path) -> set[str]:
    """Return what a link to a heading of ``page`` may end with."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page.read_text("utf-8")))
    return {text.replace(" ", "-") for text in words}


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    for link in LINK.findall(document.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_is_named_is_there(document):
    for name, function in FILE.findall(document.read_text("utf-8")):
        path = ROOT / "tests" / name
        assert path.exists(), name
        assert f"def {function}" in path.read_text("utf-8"), f"{name}::{function}"


def test_the_long_checks_run_every_test_by_which_a_fault_is_proven(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / ".ci")
    checks = runpy.run_path(str(ROOT / ".ci/test"))["PROOF"]
    named = {f"tests/{name}::{function}" for name, function in FILE.findall(FAULTS) if function}
    missing = {name for name in named if not name.startswith("tests/proof/")}.difference(checks)
    assert "tests/proof" in checks and not missing and len(named) > 40, missing


def test_every_benchmark_that_is_named_is_there():
    for page in PAGES:
        for name in re.findall(r"make bench-([a-z-]*[a-z])", page.read_text("utf-8")):
            assert (ROOT / f"benchmarks/{name.replace('-', '_')}.py").exists(), f"{page.name}: {name}"
