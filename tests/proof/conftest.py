"""Servers of our own that a test may stop, freeze and fill."""

import importlib.util
import os

import pytest

from tests.proof.live import ROOT


def load_prerequisites():
    """Return the module that finds or starts a PostgreSQL; it lives with the scripts of `make`, outside any package."""
    spec = importlib.util.spec_from_file_location("prerequisites", ROOT / ".ci/prerequisites.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def postgres():
    """A PostgreSQL of our own, whose log we may read; None where the tests run on SQLite."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield None
        return
    prerequisites = load_prerequisites()
    server = prerequisites.Postgres()
    server.tools = prerequisites.server_folder()
    assert server.tools, "PostgreSQL's own programs are not installed"
    server.url = server.start()
    assert server.url
    yield server
    server.stop()
