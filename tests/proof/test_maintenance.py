"""What an operator does to a full site while people send to it: new keys, and tables that a migration changes."""

import base64
import subprocess
import sys

from tests.proof.live import ROOT, LiveSite, people
from tests.settings import MADE_UP

ROWS_SEALED_AGAIN = 10_000
ROWS_MIGRATED = 100_000
NEW_KEY = base64.b64encode(b"another field key of 32 bytes...").decode()

FILL = """
import secrets
from itertools import islice, product
from django.utils import timezone
from inquiries.models import Inquiry
from inquiries.models.inquiry import REFERENCE_LETTERS as letters
def inquiry(a, b, c, d):
    digests = {{name: secrets.token_hex(32) for name in ("submission_digest", "code_digest", "answers_digest")}}
    return Inquiry(way="me", kind="contact", page_language="en", name="Row", contact_way="call", phone="+16265550142",
                   reference=f"{{a}}{{b}}22-{{c}}{{d}}", due_at=timezone.now(), **digests)
rows = islice(product(letters, repeat=4), {rows})
while some := list(islice(rows, 500)):
    Inquiry.objects.bulk_create([inquiry(*one) for one in some])
"""
STATE = """
from inquiries.models import Inquiry
names = [row.name for row in Inquiry.objects.only("uid", "name").iterator()]
print(len(names), names.count("Row"))
"""
PEOPLE = """
from inquiries.models import Inquiry
for row in Inquiry.objects.filter(events__verb="received"):
    print(row.reference, row.name)
"""
# Wider, new and indexed columns: what a release may bring. The running code knows nothing of the new one.
MIGRATE = """
from django.db import connection, models
from inquiries.models import Inquiry
new = models.CharField(max_length=20, null=True)
new.set_attributes_from_name("of_newer_code")
with connection.schema_editor() as editor:
    editor.add_field(Inquiry, new)
old, wider = Inquiry._meta.get_field("kind"), models.CharField(max_length=12)
wider.set_attributes_from_name("kind")
with connection.schema_editor() as editor:
    editor.alter_field(Inquiry, old, wider)
with connection.schema_editor() as editor:
    editor.add_index(Inquiry, models.Index(fields=["kind", "received_at"], name="of_newer_code"))
"""


def script(site: LiveSite, text: str) -> str:
    return site.manage("shell", "--no-imports", "-c", text)


def test_ten_thousand_rows_are_sealed_again_under_load_by_a_run_that_was_killed():
    with LiveSite(FIELD_KEYS=MADE_UP["FIELD_KEYS"]) as site:
        script(site, FILL.format(rows=ROWS_SEALED_AGAIN))
        site.kill()
        site.environment["FIELD_KEYS"] = f"new:{NEW_KEY},{MADE_UP['FIELD_KEYS']}"
        site.start()
        with people(site, 3) as crowd:
            run = subprocess.Popen(
                [sys.executable, "manage.py", "rotate_keys", "--batch", "100"],
                cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            for _ in range(20):
                assert "rows seen" in run.stdout.readline()
            run.kill()
            run.wait()
            site.manage("rotate_keys")
        site.manage("rotate_keys", "--finish")
        site.environment["FIELD_KEYS"] = f"new:{NEW_KEY}"
        shown = sum(len(person.shown) for person in crowd)
        assert script(site, STATE).split() == [str(ROWS_SEALED_AGAIN + shown), str(ROWS_SEALED_AGAIN)]
        print(f"\n{ROWS_SEALED_AGAIN} rows sealed again; {shown} shown a reference meanwhile")
        assert shown and not [words for person in crowd for words in person.told]


def test_a_table_of_a_hundred_thousand_rows_is_changed_under_load():
    with LiveSite() as site:
        script(site, FILL.format(rows=ROWS_MIGRATED))
        with people(site, 3) as crowd:
            script(site, MIGRATE)
        shown = {name: reference for person in crowd for name, reference in person.shown.items()}
        people_stored = script(site, PEOPLE).split("\n")[:-1]
        print(f"\n{ROWS_MIGRATED} rows migrated; {len(shown)} shown a reference meanwhile")
        assert sorted(people_stored) == sorted(f"{reference} {name}" for name, reference in shown.items())
        assert shown and not [words for person in crowd for words in person.told]
