"""`manage.py purge_inquiries` counts; with `--apply` it erases."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.worker import retention


class Command(BaseCommand):
    help = "Count the closed inquiries that were kept for RETENTION_DAYS; with --apply, erase what they hold."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="erase them; this cannot be undone")

    def handle(self, *args, apply, **options):
        try:
            now = timezone.now()
            self.stdout.write(f"{retention.purge(now)} inquiries erased." if apply else self.count(now))
        except Error as error:
            raise CommandError(f"The database does not answer ({type(error).__name__}).") from None

    def count(self, now) -> str:
        kept, due = Inquiry.objects.filter(erased_at=None), retention.kept_long_enough(now)
        closed = kept.filter(closed_at__isnull=False)
        counts = {
            f"closed {settings.RETENTION_DAYS} days ago or earlier, or left set aside since then, to be erased": due,
            "closed, kept for now": closed.exclude(pk__in=due),
            "of these held": closed.filter(held_at__isnull=False),
            "open, or set aside and not left there so long, kept for now": kept.filter(closed_at=None).exclude(
                pk__in=due
            ),
        }
        lines = [f"{rows.count():>8}  {words}" for words, rows in counts.items()]
        return "\n".join([*lines, "Nothing was erased. With --apply, the first line is."])
