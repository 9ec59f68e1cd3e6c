"""The restore drill: a backup made under load, a key changed since, a request withdrawn since, and a new machine."""

import base64
import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.proof.live import LiveSite, people, shown_to, wait_until_shown
from tests.settings import MADE_UP

ENOUGH = 60  # people shown a reference before the backup begins
NEW_KEY = base64.b64encode(b"another field key of 32 bytes...").decode()
ERASE_ONE = """
from inquiries.models import Inquiry
inquiry = Inquiry.objects.order_by("id").first()
inquiry.erase()
from iop_site.ops import backups
backups.note_erased()
print(inquiry.reference)
"""


def newest_backup(site: LiveSite) -> Path:
    return max((site.folder / "backups").glob("iop-*.backup"))


def test_all_that_was_shown_before_the_backup_is_there_again():
    with LiveSite() as site, LiveSite(start_empty=True) as new:
        with people(site) as crowd:
            wait_until_shown(crowd, ENOUGH)
            shown = shown_to(crowd)
            site.manage("backup")
            time.sleep(1)
        withdrawn = site.manage("shell", "--no-imports", "-c", ERASE_ONE).strip()

        keys = {"FIELD_KEYS": f"new:{NEW_KEY},{MADE_UP['FIELD_KEYS']}"}
        shutil.copytree(site.folder / "backups", new.folder / "backups")
        new.environment |= keys
        assert "every table checked" in new.manage("restore", str(newest_backup(new)))
        new.manage("prepare")
        rows = [json.loads(line) for line in new.manage("export_inquiries").splitlines()]
    print(f"\n{len(shown)} shown before the backup, {len(rows)} restored")
    restored = {row["reference"]: row for row in rows}
    assert len(shown) >= ENOUGH
    assert set(shown.values()) <= set(restored)
    assert not [row for row in rows if row["unreadable"]]
    for name, reference in shown.items():
        assert restored[reference]["name"] == ("" if reference == withdrawn else name)
    assert restored[withdrawn]["question"] == ""


@pytest.mark.parametrize("harm", ["cut off", "another key", "not empty"])
def test_what_cannot_be_restored_whole_is_refused_with_a_sentence(harm):
    with LiveSite() as site, LiveSite(start_empty=True) as new:
        with people(site):
            time.sleep(1)
        site.manage("backup")
        backup = newest_backup(site)
        target = new
        if harm == "cut off":
            backup.write_bytes(backup.read_bytes()[:-200])
        elif harm == "another key":
            new.environment["FIELD_KEYS"] = f"test:{NEW_KEY}"
        else:
            target = site
        with pytest.raises(subprocess.CalledProcessError) as refused:
            target.manage("restore", str(backup))
    said = refused.value.stderr
    assert "Traceback" not in said
    assert {"cut off": "damaged", "another key": "damaged", "not empty": "not empty"}[harm] in said
