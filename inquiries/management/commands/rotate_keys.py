"""`manage.py rotate_keys` seals everything again, and `--finish` lets old keys go. Safe to run while the site runs, to
kill, and to start again."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from inquiries.crypto import key_rotation, keyring
from inquiries.models import Event, KeyCheck


class Command(BaseCommand):
    help = (
        "Encrypt again what is not under the first of FIELD_KEYS or in the present format; "
        "with --finish, say which old keys may go."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=200, help="rows to a transaction")
        parser.add_argument(
            "--finish",
            action="store_true",
            help="then let the database forget the keys that seal nothing any more; every web process and worker must "
            "have been started again with the new key first",
        )

    def handle(self, *args, batch, finish, **options):
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        KeyCheck.objects.verify_once()
        tally = key_rotation.reencrypt_all(batch, self.say)
        if tally.reencrypted:
            Event.objects.create(verb=Event.Verb.KEYS_ROTATED, detail=f"cells:{tally.reencrypted}")
        self.stdout.write(f"{tally.reencrypted} cells sealed again under the key {keyring.current().active_key_id!r}.")
        for line in tally.unreadable:
            self.stderr.write(f"cannot be opened, left as it is: {line}")
        if finish:
            self.finish(batch)
        if tally.unreadable:
            raise CommandError(f"{len(tally.unreadable)} cells cannot be opened; everything else is done.")

    def say(self, table: str, rows: int, cells: int):
        self.stdout.write(f"{table}: {rows} rows seen, {cells} cells sealed again")
        self.stdout.flush()

    def finish(self, batch: int):
        """Drop the check values of keys that seal nothing; a later start asks for those keys no more."""
        if keyring.current().pads:
            KeyCheck.objects.begin_padding()  # said by the first key too, before the check of an older one goes
        in_use = key_rotation.cells_by_key(batch)
        others = KeyCheck.objects.filter(purpose=KeyCheck.Purpose.FIELD).exclude(key_id=keyring.current().active_key_id)
        for check in others:
            if in_use[check.key_id]:
                self.stderr.write(f"The key {check.key_id!r} still seals {in_use[check.key_id]} cells: keep it.")
                continue
            with transaction.atomic():
                check.delete()
                Event.objects.create(verb=Event.Verb.KEYS_ROTATED, detail=f"let-go:{check.key_id}")
            self.stdout.write(f"The key {check.key_id!r} seals nothing here any more; old backups still need it.")
