from django.core.management.base import BaseCommand

from programs import bundled_guide


class Command(BaseCommand):
    help = "Load the guide that ships with the project. Edited fields and deleted rows are left alone and printed."

    def handle(self, *args, **options):
        report = bundled_guide.load()
        for line in report.skipped:
            self.stdout.write(f"left alone: {line}")
        self.stdout.write(
            f"Guide: {report.created} rows new, {report.updated} updated, {report.unchanged} as they were, "
            f"{len(report.skipped)} left alone."
        )
