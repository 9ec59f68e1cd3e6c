"""The sheets that pages link are made of their parts at the start; nobody keeps a copy in step."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from iop_site.static_files import JoinedSheet
from tests.iop_site.test_start import prepared, run  # noqa: F401 - a fixture

CSS = settings.BASE_DIR / "static/css"
SHEETS = ["css/site.css", "css/paper.css", "css/desk.css"]
OF_THE_SITE = ("tokens", "base", "layout", "components", "form", "pictures", "widths")


def parts(folder: Path = CSS) -> str:
    return "".join((folder / f"{part}.css").read_text("utf-8") for part in OF_THE_SITE)


def test_it_is_found_where_pages_look_for_it_and_is_its_parts_in_order():
    assert Path(finders.find("css/site.css")).read_text("utf-8") == parts()
    assert [name for name, _ in JoinedSheet().list(None)] == SHEETS
    assert not any((CSS.parent / name).exists() for name in SHEETS)


@pytest.fixture
def copied(settings, tmp_path):
    """A checkout that can be written, and a data folder without a joined sheet."""
    (tmp_path / "static/css").mkdir(parents=True)
    for name in OF_THE_SITE:
        (tmp_path / f"static/css/{name}.css").write_text(f"/* {name} */", "utf-8")
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "data"
    return tmp_path / "static/css"


def test_a_changed_part_changes_it_and_nothing_else_touches_it(copied):
    first = Path(JoinedSheet().find("css/site.css"))
    written = first.stat().st_mtime_ns, first.stat().st_ino
    assert Path(JoinedSheet().find("css/site.css")).stat().st_ino == written[1]
    assert first.stat().st_mtime_ns == written[0]  # else each start would collect all files again
    (copied / "base.css").write_text("/* other */", "utf-8")
    assert Path(JoinedSheet().find("css/site.css")).read_text("utf-8") == parts(copied)
    assert [path.name for path in first.parent.iterdir()] == ["site.css"]


def test_the_start_collects_it_under_a_hashed_name_compressed_and_once(prepared):  # noqa: F811
    static = prepared / "static"
    name = json.loads((static / "staticfiles.json").read_text("utf-8"))["paths"]["css/site.css"]
    assert name != "css/site.css" and (static / name).read_text("utf-8").count("\n") == parts().count("\n")
    assert (static / f"{name}.br").exists() and (static / f"{name}.gz").exists()
    before = (prepared / "static.sources").stat().st_mtime_ns
    assert run(prepared).returncode == 0
    assert (prepared / "static.sources").stat().st_mtime_ns == before


def test_it_is_written_beside_the_checkout_which_may_be_read_only(copied):
    assert copied not in Path(JoinedSheet().find("css/site.css")).parents
