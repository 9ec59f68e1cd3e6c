import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PARTS = {
    "css/site.css": ("tokens", "base", "layout", "components", "form", "pictures", "widths"),
    "css/paper.css": ("print",),
    "css/desk.css": ("tokens", "admin", "admin-bar", "admin-page", "admin-changelist", "admin-forms"),
}
SITE = '@layer print { :root { --site: "%s"; } }\n'  # paper has no host: addresses of this site are printed whole


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Works out each address once: none changes while the site runs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.url = cache(self.url)

    def get_modified_time(self, name):
        """Long ago, so that a release replaces these, also one that is older than the last collection."""
        return datetime.fromtimestamp(0, UTC)


class JoinedSheet(BaseFinder):
    """Finds the style sheets that are joined from their parts, so that a phone asks once for each."""

    def __init__(self, app_names=None):
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "joined")

    def find(self, path, find_all=False):
        return self.join(path) if path in PARTS else []

    def list(self, ignore_patterns):
        for name in PARTS:
            self.join(name)
            yield name, self.storage

    def join(self, name: str) -> str:
        css, path = settings.BASE_DIR / "static/css", Path(self.storage.path(name))
        text = "".join((css / f"{part}.css").read_text("utf-8") for part in PARTS[name])
        if "var(--site)" in text:
            text = SITE % settings.SITE_URL + text
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(f".{os.getpid()}")
            new.write_text(text, "utf-8")
            new.replace(path)
        return str(path)
