"""The documents name what is there: a moved table or a renamed test must not take a proof away unseen."""

import ast
import pkgutil
import re
import runpy
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_house_rules import FLOORS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md"), ROOT / "benchmarks/README.md"]
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FILE = re.compile(r"`(?:tests/)?([a-z_]+/test_\w+\.py)(?:::(\w+))?")
PATH = re.compile(r"`([a-z_]+(?:/[\w-]+)*/(?:[\w-]+\.\w+)?)(?=[:`])")
NAMED = re.compile(r"`((?:iop_site|programs|inquiries)[/.][\w/]+)(?:\.py:|\.)([\w.]+)`")
HOUSE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
WALKS = re.findall(r"^\d+\. \*\*(.+?)\.\*\* (.*?)(?=^\d+\. \*\*|^## )", HOUSE, re.MULTILINE | re.DOTALL)
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
        is_there = re.search(rf"^(async def|def|class) {function}\b", path.read_text("utf-8"), re.MULTILINE)
        assert is_there, f"{name}::{function} is not at the top of the file, where make proof looks for it"


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/glossary.md"])
def test_every_path_that_is_named_is_there(document):
    found = PATH.findall((ROOT / document).read_text("utf-8"))
    assert found and not [path for path in found if not (ROOT / path).exists()]


def defined(path: Path) -> set[str]:
    """Return the dotted names of what a file defines."""
    names = set()

    def visit(nodes, prefix):
        for node in nodes:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(prefix + node.name)
                visit(node.body if isinstance(node, ast.ClassDef) else (), f"{prefix}{node.name}.")
            elif isinstance(node, ast.Assign):
                names.update(prefix + target.id for target in node.targets if isinstance(target, ast.Name))

    visit(ast.parse(path.read_text("utf-8")).body, "")
    return names


@pytest.mark.parametrize("walk", [text for _title, text in WALKS], ids=[title for title, _text in WALKS])
def test_every_function_on_a_walk_through_the_house_is_there(walk):
    found = NAMED.findall(walk)
    for place, name in found:
        if "/" in place:
            assert name in defined(ROOT / f"{place}.py"), f"{place}.py:{name}"
        else:
            pkgutil.resolve_name(f"{place}.{name}")
    assert len(found) > 2


def floor_of(place: str) -> int:
    app, room = re.split("[/.]", place)[:2]
    return next((n for n, rooms in enumerate(FLOORS.get(app, ()), 1) if room in rooms.split()), 0)


@pytest.mark.parametrize("walk", [text for _title, text in WALKS], ids=[title for title, _text in WALKS])
def test_a_walk_through_the_house_runs_downwards(walk):
    for sentence in re.split(r"\.\s+(?=[A-Z`])", walk):
        places = [place for place, _name in NAMED.findall(sentence)]
        for above, below in pairwise(places):
            assert floor_of(above) <= floor_of(below), f"{above} comes before {below}"


def test_there_are_twelve_walks():
    assert len(WALKS) == 12


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
