"""Rules of the house, read from the syntax of its files."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin

from programs.models import Section
from programs.page_content import ROWS_UNDER

ROOT = Path(__file__).resolve().parents[1]
APPS = ("iop_site", "programs", "inquiries")
MAY_IMPORT = {
    "programs": {"programs"},
    "inquiries": {"inquiries"},
    "iop_site": {"iop_site", "programs", "inquiries"},
}
# The rooms of an app by floors, the highest first. A room imports from those below, never from its own floor or above.
# What stands here alone, without a folder, is used by more rooms than one, or is looked for here by Django.
FLOORS = {
    "programs": (
        "admin apps management templatetags urls",
        "dashboard editing views",
        "bundled_guide redirects structured_data translation",
        "search week_planner",
        "page_content",
        "models",
        "markup",
        "contact_links",
    ),
    "inquiries": (
        "admin apps management templatetags urls",
        "desk intake worker",
        "questions",
        "contact_plans promises",
        "models",
        "crypto danger db",
        "business_hours mailboxes phone_numbers text_cleaning typed_digits",
    ),
}
# The worker sends a request of its own through the form.
MAY_ALSO_IMPORT = {
    "inquiries/worker/self_test.py": {"intake"},
}
# What puts the site together, of which its rooms know nothing.
COMPOSITION = {
    "appointments", "apps", "checks", "danger", "handlers", "management", "page_cache", "page_chrome", "settings",
    "sitemaps", "templatetags", "urls", "views", "wsgi",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 350, 40  # lines
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


def product_code(app: str):
    return [path for path in sources(app) if "migrations" not in path.parts]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


def neighbours(path: Path) -> set[str]:
    """Return the other rooms of its own app that a file imports from."""
    app = path.relative_to(ROOT).parts[0]
    parts = [name.split(".") for name in imports(path)]
    return {part[1] for part in parts if part[0] == app and len(part) > 1} - {room_of(path)}


@pytest.mark.parametrize("app", FLOORS)
def test_imports_run_downwards_within_an_app(app):
    floors = [set(floor.split()) for floor in FLOORS[app]]
    for path in product_code(app):
        if path == ROOT / app / "__init__.py":
            continue
        floor = next((number for number, rooms in enumerate(floors) if room_of(path) in rooms), None)
        assert floor is not None, f"{path}: does a room not hold it?"
        below = set().union(*floors[floor + 1 :], MAY_ALSO_IMPORT.get(path.relative_to(ROOT).as_posix(), ()))
        assert neighbours(path) <= below, f"{path} imports {neighbours(path) - below}"


def test_every_room_of_the_floors_is_there():
    for app, floors in FLOORS.items():
        for room in " ".join(floors).split():
            assert (ROOT / app / room).is_dir() or (ROOT / app / f"{room}.py").exists(), f"{app}/{room}"


@pytest.mark.parametrize("room", ["ops", "staff"])
def test_the_rooms_of_the_site_stand_below_its_composition(room):
    for path in (ROOT / "iop_site" / room).rglob("*.py"):
        seen = {part for part in neighbours(path) if part in COMPOSITION}
        assert not seen and (room == "ops" or "ops" not in neighbours(path)), f"{path} imports {seen or 'ops'}"


@pytest.mark.parametrize("app", APPS)
def test_no_file_and_no_function_is_too_long_to_be_read(app):
    for path in product_code(app):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= LONGEST_FILE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                assert lines <= LONGEST_FUNCTION, f"{path}:{node.lineno} {node.name} has {lines} lines"


def test_nothing_is_imported_inside_a_function():
    for app in APPS:
        for path in sources(app):
            if str(path.relative_to(ROOT)) in LATE_IMPORTS:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    late = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
                    assert not late, f"{path}:{node.lineno} {node.name} imports"


def test_no_text_to_translate_stands_in_an_f_string():
    """The tool that collects texts does not see it there, so that it is never translated."""
    translators = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}
    for path in (path for app in APPS for path in product_code(app)):
        for text in ast.walk(ast.parse(path.read_text("utf-8"))):
            calls = (
                [node.func for node in ast.walk(text) if isinstance(node, ast.Call)]
                if isinstance(text, ast.JoinedStr)
                else []
            )
            found = [call.id for call in calls if isinstance(call, ast.Name) and call.id in translators]
            assert not found, f"{path}:{text.lineno}"


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
    by_convention = re.compile(r"(forms|admin|programs/sections|programs/scenes|inquiries/mail)/|^\d{3}\.html$")
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


def test_no_module_of_the_guide_imports_itself_in_a_circle():
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sources("programs")
    }
    graph = {}
    for module, path in files.items():
        names = {name if name in files else name.rpartition(".")[0] for name in imports(path)}
        graph[module] = (names & files.keys()) - {"programs"}
    TopologicalSorter(graph).prepare()


def test_every_list_of_the_guide_has_its_rows():
    listings = {
        path.stem.removeprefix("_")
        for path in (ROOT / "templates/programs/sections").glob("_*.html")
        if "sections/_listing.html" in path.read_text("utf-8")
    }
    assert listings == set(ROWS_UNDER)
