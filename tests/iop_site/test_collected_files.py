"""What is served are the files of the release that was started last, however old they are."""

import os

from django.core.management import call_command


def test_a_step_back_to_an_older_release_serves_its_files(settings, tmp_path):
    source, collected = tmp_path / "release", tmp_path / "collected"
    source.mkdir()
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], collected
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "iop_site.static_files.StaticFiles"}}
    for text in ("/* newer */", "/* older */"):
        (source / "some.css").write_text(text, "utf-8")
        os.utime(source / "some.css", (0, 10**9))  # both written long before either was started
        call_command("collectstatic", interactive=False, verbosity=0)
        assert (collected / "some.css").read_text("utf-8") == text
