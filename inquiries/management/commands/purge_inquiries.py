"""`manage.py purge_inquiries` counts; with `--apply` it erases."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.worker import retention


class Command(BaseCommand):
    """Prints no reference and no name."""

    help = "Count the closed inquiries that were kept for RETENTION_DAYS; with --apply, erase what they hold."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="erase them; this cannot be undone")

    def handle(self, *args, apply, **options):
        try:
            self.stdout.write(self.erase() if apply else self.count())
        except Error as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from None

    def erase(self) -> str:
        return f"{retention.purge(timezone.now())} inquiries erased."

    def count(self) -> str:
        kept = Inquiry.objects.filter(erased_at=None)
        counts = {
            f"closed {settings.RETENTION_DAYS} days ago or earlier, to be erased": retention.kept_long_enough(
                timezone.now()
            ),
            "closed, kept for now": kept.filter(closed_at__isnull=False).exclude(
                pk__in=retention.kept_long_enough(timezone.now())
            ),
            "of these held": kept.filter(closed_at__isnull=False, held_at__isnull=False),
            "open, never erased by their age": kept.filter(closed_at=None),
        }
        lines = [f"{rows.count():>8}  {words}" for words, rows in counts.items()]
        return "\n".join([*lines, "Nothing was erased. With --apply, the first line is."])
