from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from inquiries.models import KeyCheck
from iop_site.ops import backups


class Command(BaseCommand):
    help = "Fill the empty database from a backup, check that it is whole, and erase what was erased since."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, **options):
        if not file.is_file():
            raise CommandError(f"The file {file} does not exist.")
        try:
            about = backups.restore(file)
            KeyCheck.objects.verify()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        rows = about["tables"]["inquiries_inquiry"][1]
        self.stdout.write(
            f"Restored what {file.name} held on {about['made_at']}: {rows} inquiries, every table checked."
        )
