"""Rules of the house, read from the syntax of its files."""

import ast
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin

from programs.models import Section

ROOT = Path(__file__).resolve().parents[1]
APPS = ("iop_site", "programs", "inquiries")
MAY_IMPORT = {
    "programs": {"programs"},
    "inquiries": {"inquiries"},
    "iop_site": {"iop_site", "programs", "inquiries"},
}
# Within an app, what a room may not look up to.
BELOW = {
    "crypto": {"models", "intake", "desk", "worker", "management", "admin", "urls"},
    "db": {"models", "intake", "desk", "worker", "management", "admin", "urls"},
    "models": {"forms", "views", "urls", "admin", "outbox", "management"},
    "forms": {"views", "urls", "admin"},
    "outbox": {"views", "urls", "admin", "forms"},
}
# Imports that must wait: Django is set up first, or checks register once the settings are whole.
LATE_IMPORTS = {"iop_site/apps.py", "iop_site/wsgi.py"}


def sources(app: str):
    return [path for path in (ROOT / app).rglob("*.py")]


def imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("app", APPS)
def test_imports_run_one_way_between_the_apps(app):
    for path in sources(app):
        for name in imports(path):
            first = name.split(".")[0]
            assert first not in APPS or first in MAY_IMPORT[app], f"{path} imports {name}"
            assert first != "tests", f"{path} imports {name}"


@pytest.mark.parametrize("app", ["programs", "inquiries"])
def test_imports_run_one_way_within_an_app(app):
    for path in sources(app):
        room = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == app and len(parts) > 1:
                assert parts[1] not in BELOW.get(room, set()), f"{path} imports {name}"


def test_nothing_is_imported_inside_a_function():
    for app in APPS:
        for path in sources(app):
            if str(path.relative_to(ROOT)) in LATE_IMPORTS:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    late = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
                    assert not late, f"{path}:{node.lineno} {node.name} imports"


def test_no_room_is_called_by_a_name_that_says_nothing():
    bad = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert not [path for app in APPS for path in sources(app) if path.name in bad]


def templates():
    return sorted((ROOT / "templates").rglob("*.*"))


def test_no_template_has_inline_style_or_script():
    for path in templates():
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text), path
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/ld+json"' in tag, f"{path}: {tag}"


def test_every_template_is_used():
    named = "\n".join(
        path.read_text("utf-8")
        for folder in (*APPS, "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    )
    by_convention = re.compile(r"(forms|admin|programs/sections|inquiries/mail)/|^\d{3}\.html$")
    for path in templates():
        name = path.relative_to(ROOT / "templates").as_posix()
        assert by_convention.search(name) or f'"{name}"' in named, f"{name} is used nowhere"


def test_every_class_that_a_sheet_styles_is_given_by_a_page():
    """Django's forms and admin give some. What its calendar and its two-column choice know, no page of ours has."""
    stock = [Path(admin.__file__).parent, Path(forms.__file__).parent]
    folders = [*(ROOT / name for name in (*APPS, "templates", "static/js")), *stock]
    texts = [
        path.read_text("utf-8")
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "static/admin" not in path.as_posix()
    ]
    given = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    for sheet in (ROOT / "static/css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/|url\(.*?\)", "", sheet.read_text("utf-8"), flags=re.S)
        for name in set(re.findall(r"\.([A-Za-z][\w-]*)", text)):
            begin, _, end = name.partition("-")
            is_made = begin in {"is", "for", "entry", "field", "column", "model"} and end in given
            assert name in given or is_made, f"{sheet.name}: .{name}"


def test_every_layout_of_a_section_has_its_template():
    files = {path.stem.removeprefix("_") for path in (ROOT / "templates/programs/sections").glob("_*.html")}
    assert set(Section.Layout) <= files
