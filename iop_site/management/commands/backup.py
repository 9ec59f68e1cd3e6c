from django.core.management.base import BaseCommand

from iop_site.ops import backups


class Command(BaseCommand):
    help = "Copy the whole database into one encrypted file in BACKUP_DIR, and delete copies that are too old."

    def handle(self, *args, **options):
        path = backups.make()
        backups.verify(path)
        gone = backups.discard_old()
        self.stdout.write(f"{path} is made and was read back. Older copies deleted: {gone}.")
