"""`manage.py index_names` makes names findable without marks, strokes and apostrophes. The worker does it by itself,
once; it is safe to run again, while the site runs, and to kill."""

from django.core.management.base import BaseCommand

from inquiries.crypto import name_index
from inquiries.models import KeyCheck
from inquiries.worker.names import note_done


class Command(BaseCommand):
    help = (
        "Index the names of inquiries that earlier releases stored, so that Dang finds Đặng and OBrien finds O’Brien."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=name_index.BATCH, help="rows to a transaction")

    def handle(self, *args, batch, **options):
        KeyCheck.objects.verify_once()
        seen = added = 0
        for seen, added in name_index.index_names(max(batch, 1)):
            self.stdout.write(f"{seen} inquiries seen, {added} are found by more than before")
            self.stdout.flush()
        note_done(added)
        self.stdout.write(f"Done: {seen} inquiries, {added} of them are found by more than before.")
