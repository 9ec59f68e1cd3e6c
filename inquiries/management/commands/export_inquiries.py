import json

from django.core.management.base import BaseCommand

from inquiries.keyring import SealError
from inquiries.models import Event, Inquiry

CHUNK = 500


class Command(BaseCommand):
    help = "Print every stored inquiry decrypted, one JSON object a line, oldest first. For operators; recorded."

    def handle(self, *args, **options):
        Event.objects.create(verb=Event.Verb.EXPORTED)
        for inquiry in Inquiry.objects.order_by("id").prefetch_related("texts").iterator(chunk_size=CHUNK):
            self.stdout.write(json.dumps(as_object(inquiry), ensure_ascii=False))


def as_object(inquiry: Inquiry) -> dict:
    """Return all that is stored of one inquiry; what cannot be decrypted is named in ``unreadable``."""
    unreadable = []

    def read(row, name, label):
        try:
            return getattr(row, name)
        except SealError:
            unreadable.append(label)
            return None

    clear = ("reference", "kind", "way", "stage", "preferred_language", "page_language", "screening_reasons")
    return {
        **{name: getattr(inquiry, name) for name in clear},
        "received_at": inquiry.received_at.isoformat(),
        **{name: read(inquiry, name, name) for name in Inquiry.PERSONAL_FIELDS},
        "texts": [
            {
                "kind": text.kind,
                "created_at": text.created_at.isoformat(),
                "body": read(text, "body", f"text {text.uid}"),
            }
            for text in reversed(inquiry.texts.all())
        ],
        "unreadable": unreadable,
    }
