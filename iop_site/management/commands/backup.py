from django.core.management.base import BaseCommand, CommandError

from iop_site.ops import backups


class Command(BaseCommand):
    help = "Copy the whole database into one encrypted file in BACKUP_DIR, and delete copies that are too old."

    def handle(self, *args, **options):
        try:
            path = backups.make()
            backups.verify(path)
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        gone = backups.discard_old()
        self.stdout.write(f"{path} is made and was read back. Older copies deleted: {gone}.")
