from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from iop_site.ops import backups


class Command(BaseCommand):
    help = "Read a backup to its end with the keys in force; without a file, the newest one."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args, file, **options):
        path = file or next(reversed(backups.all_backups()), None)
        if path is None or not path.is_file():
            raise CommandError("There is no such backup.")
        about = backups.verify(path)
        rows = about["tables"].get("inquiries_inquiry", ["id", 0, "0"])
        self.stdout.write(f"{path.name} is whole: made {about['made_at']}, {rows[1]} inquiries, the last is {rows[2]}.")
