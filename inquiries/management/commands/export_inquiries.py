import json

from django.core.management.base import BaseCommand

from inquiries.desk.export_formats import CHUNK, as_object
from inquiries.models import Event, Inquiry


class Command(BaseCommand):
    help = "Print every stored inquiry decrypted, one JSON object a line, oldest first. For operators; recorded."

    def handle(self, *args, **options):
        Event.objects.create(verb=Event.Verb.EXPORTED)
        people = Inquiry.objects.filter(is_canary=False).order_by("id")
        for inquiry in people.prefetch_related("texts").iterator(chunk_size=CHUNK):
            self.stdout.write(json.dumps(as_object(inquiry), ensure_ascii=False))
