from django.core.management.base import BaseCommand, CommandError

from inquiries.models import Event, EventSeal, trail_remains, trail_texts


class Command(BaseCommand):
    help = (
        "Check the audit trail against its seals and against what else tells of it, and user names against the trail; "
        "ends with an error that names whatever does not fit."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            metavar="ID:DIGEST",
            help="also demand this seal, as the worker logged it: shows that the newest were not cut off",
        )

    def handle(self, *args, expect, **options):
        faults = [*EventSeal.objects.verify(), *trail_remains.faults(), *trail_texts.faults()]
        newest = EventSeal.objects.order_by("-last_id").first()
        if expect:
            last_id, _colon, digest = expect.partition(":")
            if not (last_id.isdecimal() and EventSeal.objects.filter(last_id=last_id, digest=digest).exists()):
                faults.append(f"The seal {last_id[:20]} that was logged is not there.")
        if faults:
            raise CommandError("The audit trail is not whole.\n" + "\n".join(faults))
        sealed_to = newest.last_id if newest else 0
        unsealed = Event.objects.filter(pk__gt=sealed_to).count()
        self.stdout.write(f"The audit trail is whole up to event {sealed_to}; {unsealed} newer are not sealed yet.")
        if newest:
            self.stdout.write(f"Newest seal: {newest.last_id}:{newest.digest}")
