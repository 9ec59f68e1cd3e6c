"""The rooms of ``iop_site`` import one way: composition, then ops, then staff, then what imports none of them."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "iop_site"


def arrows() -> dict[str, set[str]]:
    """Return what each room imports of the others; a module at the top is a room of its own."""
    found: dict[str, set[str]] = {}
    for path in HERE.rglob("*.py"):
        here = path.relative_to(HERE).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.module.partition(".")[0] != "iop_site":
                continue
            rooms = {f"{node.module}.{alias.name}".split(".")[1] for alias in node.names}
            found.setdefault(here, set()).update(rooms - {here})
    return found


def test_no_circle_leads_through_the_rooms():
    assert "staff" in arrows()["ops"] and "refusals" in arrows()["staff"]
    TopologicalSorter(arrows()).prepare()


def test_staff_looks_neither_at_operations_nor_at_what_is_composed_of_it():
    assert arrows()["staff"] == {"refusals"}
    assert not arrows().get("refusals")
